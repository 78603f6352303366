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
import dev.phistream.trial.Assignment;
import dev.phistream.trial.Trial;
import dev.phistream.trial.TrialOutcome;
import dev.phistream.trial.Trials;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.SchemaRegistryException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
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
 * when it is there: in order of arrival within a tier, without regard to order between tiers. Never
 * waits: when the window is full, the consumer hands out no more records.
 *
 * <p>Whatever a record is, it has one outcome. What can be known of it is checked before it enters
 * the ledger; what goes wrong with it later makes a dead letter of it; an event in whose presence
 * the task failed comes again alone, and is given up when the task fails again.
 */
final class ClassifyProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  /**
   * An event that the classifier has; what is context is unknown if the event was unreadable.
   *
   * @param deadline when the classifier must have answered, milliseconds since the epoch
   */
  private record InFlight(
      Ledger.Entry entry,
      Results.@Nullable RequestContext context,
      CompletableFuture<Answer> answer,
      Comparisons.@Nullable Open comparison,
      long deadline) {

    /** A cancelled answer is none: the classifier is closing, and the ledger keeps the event. */
    boolean isAnswered() {
      return answer.isDone() && !answer.isCancelled();
    }

    boolean isSuspect() {
      return entry.event().failures() > 0;
    }
  }

  private final ClassifyParts parts;
  private final Routes routes;
  private final Results results;
  private final DeadLetters deadLetters;
  private final Comparisons comparisons;
  private final LedgerStores ledgers;
  private final LongSupplier owners;
  private final Supplier<UrgentCommits> commits;
  private final Map<Tier, Deque<InFlight>> lanes = new EnumMap<>(Tier.class);

  /** Entries that have not been started, because an event before them is a suspect. */
  private final Deque<Ledger.Entry> waiting = new ArrayDeque<>();

  private @Nullable Task task;

  /** The event that is being worked on, of which a failure now would be. */
  private @Nullable RecordPosition current;

  /** Whether results were sent since nothing was in flight. */
  private boolean sent;

  /** What only exists while the task runs. */
  private record Task(
      ProcessorContext<byte[], byte[]> context,
      InFlightWindow.Share window,
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
    OutputLimits limits = parts.safeguards().limits();
    this.results = new Results(parts.topics(), parts.writer(), limits, trace);
    this.deadLetters = new DeadLetters(parts.topics().deadLetters(), limits);
    this.comparisons =
        new Comparisons(
            parts.trials(),
            parts.comparisons(),
            parts.topics().comparisons(),
            parts.writer().contentType(),
            limits);
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
    InFlightWindow.Share window =
        parts
            .safeguards()
            .window()
            .open(new TopicPartition(parts.topics().input(), context.taskId().partition()));
    Ledger ledger =
        new Ledger(
            context.getStateStore(TopologyFactory.LEDGER_STORE),
            written,
            window,
            owners.getAsLong(),
            !exactlyOnce);
    // At least once, results are seen before they are committed.
    Task task = new Task(context, window, ledger, written, exactlyOnce ? commits.get() : null);
    this.task = task;
    written.afterCommit(() -> committed(task));
    for (Ledger.Entry entry : ledger.restore()) {
      if (!parts.drain().isRequested()) {
        waiting.add(withFailures(task, entry));
      }
    }
    startWaiting(task);
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
    PendingEvent event =
        PendingEvent.of(record, place)
            .withFailures(parts.safeguards().failures().of(RecordPosition.of(place)));
    if (event.size() > parts.safeguards().maxEventBytes()) {
      reject(task, event);
      return;
    }
    current = RecordPosition.of(place);
    Ledger.Entry entry = task.ledger().add(event);
    current = null;
    if (!parts.drain().isRequested()) {
      waiting.add(entry);
      startWaiting(task);
    }
  }

  /** Sends the dead letter of an event that is too long for the ledger. */
  private void reject(Task task, PendingEvent event) {
    RejectedEventException error =
        new RejectedEventException(
            ErrorCode.EVENT_TOO_LARGE,
            "record: %d bytes uncompressed, with key and headers (expected: at most %d); send a smaller image or a reference to it, or raise max-message-bytes"
                .formatted(event.size(), parts.safeguards().maxEventBytes()));
    current = RecordPosition.of(event);
    parts.router().deadLettered(routes.resolve(Tier.DEFAULT), DeadLetters.code(error));
    forwardDeadLetter(task, routes.original(event), error);
    current = null;
  }

  /**
   * Starts what waits, in order of arrival. A suspect, in whose presence the task has failed, is
   * started alone, and nothing is taken until the suspects have their outcomes: then it is known
   * whose fault the next failure is.
   */
  private void startWaiting(Task task) {
    boolean suspected = suspectInFlight();
    Ledger.Entry next;
    while (!suspected && (next = waiting.peek()) != null) {
      suspected = next.event().failures() > 0;
      if (suspected && inFlight() > 0) {
        break;
      }
      waiting.remove();
      start(next);
    }
    task.window().hold(suspected || !waiting.isEmpty());
  }

  private Ledger.Entry withFailures(Task task, Ledger.Entry entry) {
    int failures = parts.safeguards().failures().of(RecordPosition.of(entry.event()));
    return failures > entry.event().failures()
        ? task.ledger().withFailures(entry, failures)
        : entry;
  }

  @Override
  public void close() {
    if (task != null) {
      countFailures(task);
      task.window().close();
      task.written().afterCommit(() -> {});
      parts.drain().count(-inFlight() - task.ledger().awaitingDeletion());
    }
    // The ledger keeps what is unanswered; the task's next owner starts it again.
    lanes.values().forEach(lane -> lane.forEach(ClassifyProcessor::abandon));
    lanes.clear();
    waiting.clear();
    comparisons.close();
    task = null;
  }

  private static void abandon(InFlight event) {
    event.answer().cancel(false);
    if (event.context() != null) {
      event.context().admission().abandoned();
    }
  }

  /** If the task is closed because it failed, notes for which events. */
  private void countFailures(Task task) {
    TaskFailures failures = parts.safeguards().failures();
    if (!failures.isFailing(task.context().taskId())) {
      return;
    }
    if (current != null) {
      failures.count(current);
    } else {
      lanes
          .values()
          .forEach(
              lane ->
                  lane.forEach(event -> failures.count(RecordPosition.of(event.entry().event()))));
    }
  }

  private void start(Ledger.Entry entry) {
    PendingEvent pending = entry.event();
    current = RecordPosition.of(pending);
    Tier tier = routes.resolve(Tier.DEFAULT);
    Results.RequestContext context = null;
    Comparisons.Open comparison = null;
    CompletableFuture<Answer> answer;
    try {
      if (pending.failures() >= TaskFailures.MOST) {
        throw new RejectedEventException(
            ErrorCode.QUARANTINED,
            "the task failed %d times while this event was in flight (expected: never); the log of the processor says how"
                .formatted(pending.failures()));
      }
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
    } catch (SchemaRegistryException e) { // nothing is wrong with the event
      throw e;
    } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError e) {
      answer = CompletableFuture.failedFuture(e);
    }
    parts.drain().count(1);
    lanes
        .computeIfAbsent(tier, t -> new ArrayDeque<>())
        .add(
            new InFlight(
                entry.withoutValue(),
                context,
                answer,
                comparison,
                task().context().currentSystemTimeMs()
                    + parts.settings().answerTimeout().toMillis()));
    current = null;
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
    long now = task.context().currentSystemTimeMs();
    for (Map.Entry<Tier, Deque<InFlight>> entry : lanes.entrySet()) {
      Deque<InFlight> lane = entry.getValue();
      InFlight first;
      while ((first = lane.peek()) != null && (first.isAnswered() || now >= first.deadline())) {
        Throwable error = error(first);
        checkEngine(task, error);
        current = RecordPosition.of(first.entry().event());
        lane.remove();
        forward(task, entry.getKey(), first, error);
        if (task.ledger().remove(first.entry())) {
          parts.drain().count(-1);
        }
        current = null;
      }
    }
    if (!waiting.isEmpty() && !parts.drain().isRequested()) {
      startWaiting(task);
    } else {
      task.window().hold(!waiting.isEmpty() || suspectInFlight());
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

  /**
   * Ends the task without a commit if the engine is lost: the events are not to blame, and the
   * ledger keeps them for the next owner.
   */
  private static void checkEngine(Task task, @Nullable Throwable error) {
    if (error instanceof EngineLostException e) {
      throw new StreamsException(
          "task %s: %s; its events are kept and classified after a restart"
              .formatted(task.context().taskId(), e.getMessage()),
          e);
    }
  }

  private void forward(Task task, Tier tier, InFlight event, @Nullable Throwable error) {
    sent = true;
    if (task.urgent() != null && event.context() != null) {
      task.urgent().sent(event.context().route().objective());
    }
    Throwable failure = error == null ? forwardResult(task, event) : error;
    if (failure == null) {
      return;
    }
    String code = DeadLetters.code(failure);
    if (event.context() == null) {
      parts.router().deadLettered(tier, code);
    } else {
      event.context().admission().deadLettered(code);
    }
    forwardDeadLetter(task, routes.original(task.ledger().event(event.entry())), failure);
    if (event.comparison() != null) {
      comparisons.unanswered(event.comparison());
    }
  }

  /** Sends the result of an event, or says why there can be none. */
  private @Nullable Throwable forwardResult(Task task, InFlight event) {
    Results.RequestContext context =
        Objects.requireNonNull(event.context(), "an answer without a question");
    Answer answer = event.answer().join();
    Record<byte[], byte[]> result;
    try {
      result = results.of(routes.original(event.entry().event()), context, answer, now(task));
    } catch (SchemaRegistryException e) { // nothing is wrong with the event
      throw e;
    } catch (RejectedEventException | RuntimeException e) {
      return e;
    }
    parts.safeguards().outcomes().sent();
    task.context().forward(result, TopologyFactory.LABELS_SINK);
    context.answered(answer);
    if (event.comparison() != null) {
      comparisons.answered(event.comparison(), answer);
    }
    return null;
  }

  private void forwardDeadLetter(Task task, PendingEvent event, Throwable error) {
    parts.safeguards().outcomes().sent();
    task.context()
        .forward(
            deadLetters.of(event, error, task.context().currentSystemTimeMs()),
            TopologyFactory.DEAD_LETTERS_SINK);
  }

  /** What went wrong with an event that is answered or overdue, or null if nothing did. */
  private @Nullable Throwable error(InFlight event) {
    if (!event.isAnswered()) {
      event.answer().cancel(false);
      return new RejectedEventException(
          ErrorCode.ANSWER_TIMEOUT,
          "no answer within %d s (expected: one from the classifier, window.answer-timeout); redrive it"
              .formatted(parts.settings().answerTimeout().toSeconds()));
    }
    try {
      event.answer().join();
      return null;
    } catch (CompletionException e) {
      return e.getCause() == null ? e : e.getCause();
    }
  }

  private boolean suspectInFlight() {
    return lanes.values().stream().flatMap(Deque::stream).anyMatch(InFlight::isSuspect);
  }

  private int inFlight() {
    return lanes.values().stream().mapToInt(Deque::size).sum();
  }

  private static Instant now(Task task) {
    return Instant.ofEpochMilli(task.context().currentSystemTimeMs());
  }

  private Task task() {
    if (task == null) {
      throw new IllegalStateException("the task is closed");
    }
    return task;
  }
}
