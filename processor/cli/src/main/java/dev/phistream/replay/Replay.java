package dev.phistream.replay;

import dev.phistream.batching.NanoClock;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.event.ImageEvent;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.model.ModelException;
import dev.phistream.runtime.ProcessorOverrides;
import dev.phistream.runtime.StreamProcessor;
import dev.phistream.runtime.TopicAdmin;
import dev.phistream.topology.TopologyExtension;
import dev.phistream.wire.EventReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An instance of a replay: prepared, started, followed until all instances are through. Confined to
 * one thread, except for {@link #close}.
 */
public final class Replay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Replay.class);

  /** Labels have their events' times: Kafka would delete a month-old one at its next look. */
  private static final Map<String, String> OUTPUT_SETTINGS =
      Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1");

  private static final Duration TICK = Duration.ofMillis(5);

  /** Another instance's plan of so short a time ago is joined although it is not at work yet. */
  private static final Duration JUST_BEGUN = Duration.ofSeconds(60);

  /** What to do if the replay was begun before. */
  public enum Begin {
    /** Join it if it is at work, else refuse. */
    ONCE,
    /** Go on where it stopped. */
    RESUME,
    /** Do everything again. */
    RESTART
  }

  /** Loads the live processor's configuration with settings over it. */
  @FunctionalInterface
  public interface Configuration {
    /** Loads. */
    Settings with(Map<String, String> settings) throws ConfigException;
  }

  private final Journal journal;
  private final ReplayPlan plan;
  private final ReplayGroup group;
  private final Settings config;
  private final KafkaConnection kafka;
  private final ReplayThrottle throttle;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "replay-rateLimits");
            thread.setDaemon(true);
            return thread;
          });
  private final LiveCounts live = new LiveCounts();
  private @Nullable PreviousResults previous;
  private volatile @Nullable StreamProcessor processor;
  private boolean closed;

  private Replay(
      KafkaConnection kafka,
      Journal journal,
      ReplayPlan plan,
      ReplayGroup group,
      Settings config,
      RateLimitSettings rateLimits) {
    this.kafka = kafka;
    this.throttle =
        new ReplayThrottle(
            rateLimits,
            config.workers().orElse(Runtime.getRuntime().availableProcessors()),
            config.batch().maxSize(),
            NanoClock.SYSTEM);
    this.journal = journal;
    this.plan = plan;
    this.group = group;
    this.config = config;
  }

  /**
   * Plans a replay, or finds the plan that there is. Nothing is classified yet.
   *
   * @throws ReplayException when it cannot be, or was begun differently
   * @throws ConfigException when a setting cannot be
   * @throws ClusterException when Kafka does not answer or a topic is missing
   * @throws ClusterException when the journal cannot be created
   * @throws ModelException when a model is missing
   */
  public static Replay prepare(
      ReplayRequest request,
      Begin begin,
      RateLimitSettings rateLimits,
      Configuration configuration,
      Clock clock)
      throws ReplayException, ConfigException, ClusterException, ModelException {
    Settings live = configuration.with(Map.of());
    ReplaySettings.check(live);
    KafkaConnection kafka = new KafkaConnection(live.kafka());
    ReplayPlanner planner = new ReplayPlanner(request, live, kafka, clock);
    ReplayPlan asked = planner.plan();
    TopicAdmin.ensureKept(live, Journal.TOPIC);
    Journal journal = Journal.open(kafka, asked.name());
    boolean prepared = false;
    try {
      ReplayPlan plan = agree(journal, asked, begin, kafka, clock);
      Settings config =
          configuration.with(ReplaySettings.of(plan, planner.models().keySet(), rateLimits, live));
      Replay replay =
          new Replay(kafka, journal, plan, new ReplayGroup(plan, kafka), config, rateLimits);
      prepared = true;
      return replay;
    } finally {
      if (!prepared) {
        journal.close();
      }
    }
  }

  /** What is replayed. */
  public ReplayPlan plan() {
    return plan;
  }

  /** Whether all is done, as far as the journal has been read. */
  public boolean isFinished() {
    return journal.state().isFinished();
  }

  /**
   * Loads the models and begins, or joins. A range without events needs neither, only its topics.
   *
   * @throws ReplayException when earlier results need more memory than there is
   * @throws ConfigException when a setting cannot be
   * @throws ClusterException when Kafka does not answer
   * @throws ClusterException when Kafka does not answer
   * @throws ModelException when a model is damaged
   */
  public void start() throws ReplayException, ConfigException, ClusterException, ModelException {
    Set<String> outputs = StreamProcessor.createTopics(config, OUTPUT_SETTINGS);
    group.warnOfRetention(outputs, Instant.now());
    if (isFinished()) {
      return;
    }
    Selection.Previous wanted = plan.selection().previous();
    if (wanted != null) {
      previous =
          PreviousResults.read(
              plan,
              wanted,
              kafka,
              config.schemaRegistry().url().orElse(null),
              Runtime.getRuntime().maxMemory());
      log.info("{}", previous.summary());
    }
    group.begin();
    StreamProcessor started = StreamProcessor.start(config, overrides());
    synchronized (this) {
      if (!closed) {
        processor = started;
        govern(started);
        return;
      }
    }
    started.close();
  }

  /** Stands still: takes no more events. Those in flight are put out when it goes on. */
  public void pause() {
    throttle.pauseByUser(true);
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    throttle.pauseByUser(false);
  }

  /** Whether it stands still because somebody wanted it to. */
  public boolean isPaused() {
    return throttle.isPausedByUser();
  }

  /**
   * Follows the replay for some time.
   *
   * @throws ClusterException when Kafka does not answer
   * @throws ReplayException when this instance has given up
   */
  public ReplayProgress follow(Duration time) throws ClusterException, ReplayException {
    ReplayState state = journal.follow(time);
    checkOurs(state);
    StreamProcessor running = processor;
    if (running != null && state.isFinished()) {
      group.awaitVisible(running.topics().outputs(running.serving().variants()));
    } else if (running != null) {
      checkAlive(running);
    }
    return progress(state);
  }

  /** What came out, once it is finished. */
  public ReplayReport report() {
    return ReplayReport.of(plan, journal.state().done().values());
  }

  /** Answers what is in flight and stops; what is not done can be resumed. */
  @Override
  public void close() {
    StreamProcessor running;
    synchronized (this) {
      closed = true;
      running = processor;
    }
    ticker.shutdownNow();
    throttle.close();
    if (running != null) {
      running.close();
    }
    if (previous != null) {
      previous.close();
    }
    journal.close();
    group.close();
  }

  private void govern(StreamProcessor stream) {
    throttle.attach(
        new ReplayThrottle.Pausable() {
          @Override
          public void pause() {
            stream.pause();
          }

          @Override
          public void resume() {
            stream.resume();
          }
        });
    var unused =
        ticker.scheduleAtFixedRate(
            throttle::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ReplayPlan agree(
      Journal journal, ReplayPlan asked, Begin begin, KafkaConnection kafka, Clock clock)
      throws ReplayException, ClusterException {
    ReplayPlan there = journal.state().plan();
    if (there == null) {
      there = journal.propose(asked);
    } else if (begin == Begin.RESTART) {
      return journal.propose(asked.inGeneration(there.generation() + 1));
    } else if (begin == Begin.ONCE && !journal.state().isFinished()) {
      checkAtWork(there, kafka, clock);
    }
    List<String> differences = there.differences(asked);
    if (!differences.isEmpty()) {
      throw new ReplayException(
          "replay %s was begun with %s (expected: the same); say it as then, give another --name or --out, or begin anew with --restart"
              .formatted(there.name(), String.join("; ", differences)));
    }
    return there;
  }

  private static void checkAtWork(ReplayPlan there, KafkaConnection kafka, Clock clock)
      throws ClusterException, ReplayException {
    if (Duration.between(there.createdAt(), clock.instant()).compareTo(JUST_BEGUN) < 0) {
      return;
    }
    try (ReplayGroup group = new ReplayGroup(there, kafka)) {
      if (!group.hasMembers()) {
        throw new ReplayException(
            "replay %s was begun at %s, is not finished and not at work; go on with --resume, or begin anew with --restart"
                .formatted(there.name(), there.created()));
      }
    }
  }

  private ReplayProgress progress(ReplayState state) throws ClusterException {
    Map<Integer, Long> committed = group.committed();
    Set<Integer> done = state.done().keySet();
    List<ReplayProgress.Partition> partitions = new ArrayList<>();
    for (PartitionRange range : plan.ranges()) {
      if (range.offsets() > 0) {
        long at =
            done.contains(range.partition())
                ? range.end()
                : Math.max(
                    range.start(),
                    Math.min(
                        range.end(), committed.getOrDefault(range.partition(), range.start())));
        partitions.add(new ReplayProgress.Partition(range, at));
      }
    }
    return new ReplayProgress(
        partitions,
        live.labelledSoFar(),
        live.skippedSoFar(),
        live.deadSoFar(),
        state.isFinished());
  }

  private void checkOurs(ReplayState state) throws ReplayException {
    ReplayPlan newest = state.plan();
    if (newest != null && newest.generation() != plan.generation()) {
      throw new ReplayException(
          "replay %s was begun anew at %s with --restart; what this instance did stays in %s"
              .formatted(plan.name(), newest.created(), plan.labels()));
    }
  }

  private void checkAlive(StreamProcessor running) throws ReplayException {
    if (running.ended().isDone()) {
      try {
        running.ended().join();
      } catch (CompletionException e) {
        throw new ReplayException(
            "replay %s: gave up: %s; go on with --resume once that is mended"
                .formatted(plan.name(), e.getCause()),
            e);
      }
    }
  }

  private ProcessorOverrides overrides() {
    StoreBuilder<?> counts = Counts.store();
    FetchWatch watch = new FetchWatch(plan);
    return new ProcessorOverrides(
        reader -> {
          ReplayParts parts =
              new ReplayParts(
                  plan,
                  filter(reader),
                  watch,
                  throttle,
                  previous == null ? Comparison.NONE : previous,
                  live);
          return new TopologyExtension(
              counting(counts, () -> new ReplayGate(parts)),
              counting(counts, () -> new LabelCounter(parts)),
              counting(counts, () -> new DeadLetterCounter(parts)),
              Journal.TOPIC);
        },
        this::withoutLatencyBudget,
        throttle::measuring,
        (config, environment) -> new BoundedConsumer(config, environment, watch));
  }

  private EventFilter filter(EventReader reader) {
    EventFilter filter =
        EventFilter.times(plan.fromMillis(), plan.toMillis())
            .and(new SelectionFilter(plan.selection(), reader));
    return previous == null ? filter : filter.and(previous);
  }

  private static ProcessorSupplier<byte[], byte[], byte[], byte[]> counting(
      StoreBuilder<?> counts, Supplier<Processor<byte[], byte[], byte[], byte[]>> processor) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], byte[], byte[]> get() {
        return processor.get();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(counts);
      }
    };
  }

  /** Nobody waits any more for what is replayed, and the plan's variant counts if it has one. */
  private EventReader withoutLatencyBudget(EventReader reader) {
    return event -> {
      ImageEvent read = reader.read(event);
      put(read, "latencyBudgetMs", null);
      if (plan.variant() != null) {
        put(read, "variant", plan.variant());
      }
      return read;
    };
  }

  private static void put(ImageEvent event, String field, @Nullable Object value) {
    event.put(event.getSchema().getField(field).pos(), value);
  }
}
