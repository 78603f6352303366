package dev.phistream.topology;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.Cascade;
import dev.phistream.pipeline.EngineLostException;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.routing.CascadePolicy;
import dev.phistream.routing.Route;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.UnknownVariantException;
import dev.phistream.trial.Assignment;
import dev.phistream.trial.Trial;
import dev.phistream.trial.TrialOutcome;
import dev.phistream.trial.Trials;
import dev.phistream.wire.UnreadableEventException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Takes events into the in-flight ledger, hands them to the classifier, and forwards each outcome
 * when it is there: in order of arrival within a tier, without regard to order between tiers.
 * {@link #process} returns at once while the window has room.
 */
final class ClassifyProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  /** An event that the classifier has; what is context is unknown if the event was unreadable. */
  private record InFlight(
      Ledger.Entry entry,
      Results.@Nullable RequestContext context,
      CompletableFuture<Answer> answer,
      Comparisons.@Nullable Open comparison) {}

  private final ClassifyParts parts;
  private final Routes routes;
  private final Results results;
  private final Comparisons comparisons;
  private final LedgerStores ledgers;
  private final LongSupplier owners;
  private final Supplier<UrgentCommits> commits;
  private final Map<Tier, Deque<InFlight>> lanes = new EnumMap<>(Tier.class);
  private final Semaphore answered = new Semaphore(0);
  private @Nullable Task task;

  /** Whether results were sent since nothing was in flight. */
  private boolean sent;

  /** What only exists while the task runs. */
  private record Task(
      ProcessorContext<byte[], byte[]> context,
      Ledger ledger,
      LedgerBytes written,
      @Nullable UrgentCommits urgent) {}

  /**
   * Creates the processor of one incarnation of a task.
   *
   * @param owners gives a number that no other incarnation has
   * @param commits gives those of the thread that asks
   */
  ClassifyProcessor(
      ClassifyParts parts,
      TraceContext trace,
      LedgerStores ledgers,
      LongSupplier owners,
      Supplier<UrgentCommits> commits) {
    this.parts = parts;
    this.routes =
        parts.settings().routed()
            ? new CarriedRoutes(parts.router())
            : new OwnRoutes(parts.router());
    this.results = new Results(parts.topics(), parts.writer(), trace);
    this.comparisons =
        new Comparisons(parts.trials(), parts.comparisons(), parts.topics().comparisons());
    this.ledgers = ledgers;
    this.owners = owners;
    this.commits = commits;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    LedgerBytes written = ledgers.of(context.taskId());
    boolean exactlyOnce =
        StreamsConfig.EXACTLY_ONCE_V2.equals(
            context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    Ledger ledger =
        new Ledger(
            context.getStateStore(TopologyFactory.LEDGER_STORE),
            written,
            parts.settings().window(),
            owners.getAsLong(),
            !exactlyOnce);
    // At least once, results are seen before they are committed.
    Task task = new Task(context, ledger, written, exactlyOnce ? commits.get() : null);
    this.task = task;
    written.afterCommit(() -> committed(task));
    for (Ledger.Entry entry : ledger.restore()) {
      if (!parts.drain().isRequested()) {
        start(entry);
      }
    }
    context.schedule(
        parts.settings().answerInterval(),
        PunctuationType.WALL_CLOCK_TIME,
        now -> {
          Task current = task();
          forwardAnswered(current);
          commitIfUrgent(current, now);
        });
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Task task = task();
    forwardAnswered(task);
    RecordMetadata place =
        task.context()
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a record without a place"));
    if (task.ledger().wasRestored(place)) {
      return;
    }
    long payloadBytes = size(record.key()) + size(record.value());
    boolean draining = parts.drain().isRequested();
    BooleanSupplier room =
        draining ? () -> inFlight() == 0 : () -> !task.ledger().isFullFor(payloadBytes);
    if (!awaitRoom(task, room) && !draining) {
      throw new StreamsException(
          "in-flight window of task %s: full for %d s with %d events (expected: room within that time, which transaction.timeout.ms bounds); lower window.events or raise kafka.transaction.timeout.ms"
              .formatted(
                  task.context().taskId(),
                  parts.settings().maxBlock().toSeconds(),
                  task.ledger().size()));
    }
    Ledger.Entry entry = task.ledger().add(PendingEvent.of(record, place));
    if (draining) {
      parts.drain().pause();
    } else {
      start(entry);
    }
  }

  @Override
  public void close() {
    if (task != null) {
      task.written().afterCommit(() -> {});
      parts.drain().count(-inFlight() - task.ledger().awaitingDeletion());
    }
    // The ledger keeps what is unanswered; the task's next owner starts it again.
    lanes.values().forEach(lane -> lane.forEach(ClassifyProcessor::abandon));
    lanes.clear();
    comparisons.close();
    task = null;
  }

  private static void abandon(InFlight event) {
    event.answer().cancel(false);
    if (event.context() != null) {
      event.context().admission().abandoned();
    }
  }

  private void start(Ledger.Entry entry) {
    PendingEvent pending = entry.event();
    Tier tier = routes.resolve(Tier.DEFAULT);
    Results.RequestContext context = null;
    Comparisons.Open comparison = null;
    CompletableFuture<Answer> answer;
    try {
      ImageEvent event = parts.reader().read(routes.original(pending).record());
      tier = routes.resolve(event.getTier());
      ImageSource image = EventFields.source(event);
      int topK = EventFields.topK(event, parts.settings().topK());
      Routes.Routed routed =
          routes.route(
              pending,
              event,
              EventFields.latencyBudget(event),
              task().context().currentSystemTimeMs());
      Route route = routed.route();
      tier = route.tier();
      context = new Results.RequestContext(event, routed.admission(), routed.waited());
      ImageRequest request =
          new ImageRequest(
              image, route.variant(), route.maxDelay(), route.objective(), topK, cascade(route));
      Assignment assigned = assign(route, pending, event);
      BooleanSupplier fellBack = () -> false;
      if (assigned.isCanary()) {
        CanaryAnswer canary = canary(request, assigned);
        answer = canary.future();
        fellBack = canary::fellBack;
      } else {
        answer = parts.classifier().submit(request);
      }
      comparison = comparison(pending, context, request, assigned, fellBack);
    } catch (UnreadableEventException | UnknownVariantException | ShedException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    parts.drain().count(1);
    lanes
        .computeIfAbsent(tier, t -> new ArrayDeque<>())
        .add(new InFlight(entry.withoutValue(), context, answer, comparison));
    var unused = answer.whenComplete((a, e) -> answered.release());
  }

  private static @Nullable Cascade cascade(Route route) {
    CascadePolicy policy = route.cascade();
    return policy == null
        ? null
        : new Cascade(policy.small(), policy.temperature(), policy.threshold());
  }

  /** Which model answers is known too late for trials where there is a cascade. */
  private Assignment assign(Route route, PendingEvent pending, ImageEvent event) {
    return route.cascade() == null
        ? parts.trials().assign(route.variant(), pending.key(), event.getId())
        : new Assignment(route.variant(), null, null);
  }

  private CanaryAnswer canary(ImageRequest request, Assignment assigned) {
    Trial trial = Objects.requireNonNull(assigned.trial(), "a canary without a trial");
    return new CanaryAnswer(
        parts.classifier().submit(request.with(assigned.answering(), request.objective())),
        () -> parts.classifier().submit(request),
        answered ->
            parts
                .trials()
                .listener()
                .ended(trial, answered ? TrialOutcome.ANSWERED : TrialOutcome.FELL_BACK));
  }

  private Comparisons.@Nullable Open comparison(
      PendingEvent pending,
      Results.RequestContext context,
      ImageRequest request,
      Assignment assigned,
      BooleanSupplier fellBack) {
    Trial trial = assigned.trial();
    String compared = assigned.compared();
    if (trial == null || compared == null) {
      return null;
    }
    return comparisons.begin(
        trial,
        routes.original(pending.withoutValue()),
        context,
        () -> parts.classifier().submit(request.with(compared, Trials.OBJECTIVE)),
        fellBack);
  }

  private void forwardAnswered(Task task) {
    for (Map.Entry<Tier, Deque<InFlight>> entry : lanes.entrySet()) {
      Deque<InFlight> lane = entry.getValue();
      InFlight first;
      while ((first = lane.peek()) != null && isAnswered(first.answer())) {
        checkEngine(task, first.answer());
        lane.remove();
        forward(task, entry.getKey(), first);
        if (task.ledger().remove(first.entry())) {
          parts.drain().count(-1);
        }
      }
    }
    comparisons.forwardComplete(
        now(task),
        comparison -> task.context().forward(comparison, TopologyFactory.COMPARISONS_SINK));
    if (task.ledger().awaitingDeletion() > 0 && parts.drain().isRequested()) {
      parts.drain().count(-task.ledger().deleteArrived());
      task.context().commit();
    }
  }

  private void commitIfUrgent(Task task, long now) {
    if (task.urgent() == null) {
      return;
    }
    if (sent && inFlight() == 0) {
      task.urgent().idle();
      sent = false;
    }
    if (task.urgent().take(now)) {
      task.context().commit();
    }
  }

  /**
   * The results sent so far have arrived, so their entries can go. Not so while stopping: Kafka
   * Streams also says that it has committed when the last commit of a stopping thread failed. Then
   * they go when the task is next at work, which proves that it did not.
   */
  private void committed(Task task) {
    task.ledger().committed();
    if (!parts.drain().isRequested()) {
      int deleted = task.ledger().deleteArrived();
      if (deleted > 0) {
        task.written().writeOut();
        parts.drain().count(-deleted);
      }
    }
  }

  /** A cancelled answer is none: the classifier is closing, and the ledger keeps the event. */
  private static boolean isAnswered(CompletableFuture<Answer> answer) {
    return answer.isDone() && !answer.isCancelled();
  }

  /**
   * Ends the task without a commit if the engine is lost: the events are not to blame, and the
   * ledger keeps them for the next owner.
   */
  private static void checkEngine(Task task, CompletableFuture<Answer> answer) {
    if (answer.isCompletedExceptionally() && error(answer) instanceof EngineLostException e) {
      throw new StreamsException(
          "task %s: %s; its events are kept and classified after a restart"
              .formatted(task.context().taskId(), e.getMessage()),
          e);
    }
  }

  private void forward(Task task, Tier tier, InFlight event) {
    sent = true;
    if (task.urgent() != null && event.context() != null) {
      task.urgent().sent(event.context().route().objective());
    }
    Throwable error = error(event.answer());
    if (error != null) {
      String code = DeadLetters.code(error);
      if (event.context() == null) {
        parts.router().deadLettered(tier, code);
      } else {
        event.context().admission().deadLettered(code);
      }
      task.context()
          .forward(
              DeadLetters.of(routes.original(task.ledger().event(event.entry())), error),
              TopologyFactory.DEAD_LETTERS_SINK);
      if (event.comparison() != null) {
        comparisons.unanswered(event.comparison());
      }
      return;
    }
    Results.RequestContext context =
        Objects.requireNonNull(event.context(), "an answer without a question");
    task.context()
        .forward(
            results.of(
                routes.original(event.entry().event()), context, event.answer().join(), now(task)),
            TopologyFactory.LABELS_SINK);
    context.answered(event.answer().join());
    if (event.comparison() != null) {
      comparisons.answered(event.comparison(), event.answer().join());
    }
  }

  private static @Nullable Throwable error(CompletableFuture<Answer> answer) {
    try {
      answer.join();
      return null;
    } catch (CompletionException e) {
      return e.getCause() == null ? e : e.getCause();
    }
  }

  /** Forwards answers until there is room; false when there is none in time. */
  private boolean awaitRoom(Task task, BooleanSupplier room) {
    long limit = parts.settings().maxBlock().toNanos();
    long begun = System.nanoTime();
    while (!room.getAsBoolean()) {
      answered.drainPermits();
      forwardAnswered(task);
      if (room.getAsBoolean()) {
        return true;
      }
      long left = limit - (System.nanoTime() - begun);
      try {
        if (left <= 0 || !answered.tryAcquire(left, TimeUnit.NANOSECONDS)) {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StreamsException("interrupted while the in-flight window was full", e);
      }
    }
    return true;
  }

  private int inFlight() {
    return lanes.values().stream().mapToInt(Deque::size).sum();
  }

  private static Instant now(Task task) {
    return Instant.ofEpochMilli(task.context().currentSystemTimeMs());
  }

  private static long size(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private Task task() {
    if (task == null) {
      throw new IllegalStateException("the task is closed");
    }
    return task;
  }
}
