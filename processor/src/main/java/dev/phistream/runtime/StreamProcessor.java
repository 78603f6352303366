package dev.phistream.runtime;

import dev.phistream.latency.LatencyModel;
import dev.phistream.latency.Prediction;
import dev.phistream.metrics.TierMeters;
import dev.phistream.metrics.TrialMeters;
import dev.phistream.model.ModelException;
import dev.phistream.pipeline.EngineLostException;
import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.routing.LatencyEstimates;
import dev.phistream.routing.LoadControl;
import dev.phistream.routing.Router;
import dev.phistream.routing.RoutingListener;
import dev.phistream.topology.ClassifyParts;
import dev.phistream.topology.ClassifySettings;
import dev.phistream.topology.Drain;
import dev.phistream.topology.TopicNames;
import dev.phistream.topology.TopologyFactory;
import dev.phistream.topology.WindowSettings;
import dev.phistream.trial.Trials;
import dev.phistream.wire.WireFormats;
import dev.phistream.wire.WireOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processor as it runs: topics, models and topology, started and stopped in order. */
public final class StreamProcessor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamProcessor.class);
  private static final Duration ANSWER_INTERVAL = Duration.ofMillis(1);
  private static final int COMPARISONS_PER_PLACE = 2; // micro-batches
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final TopicNames topics;
  private final Meters meters;
  private final Serving serving;
  private final WireFormats formats;
  private final KafkaStreams streams;
  private final StateDirectory state;
  private final Drain drain;
  private final Duration drainTimeout;
  private final CompletableFuture<Void> running = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private boolean closed;

  private StreamProcessor(
      TopicNames topics,
      Meters meters,
      Serving serving,
      WireFormats formats,
      KafkaStreams streams,
      StateDirectory state,
      Drain drain,
      Duration drainTimeout) {
    this.topics = topics;
    this.meters = meters;
    this.serving = serving;
    this.formats = formats;
    this.streams = streams;
    this.state = state;
    this.drain = drain;
    this.drainTimeout = drainTimeout;
  }

  /**
   * Starts a processor; it is at work when {@link #running} completes.
   *
   * @throws ConfigException when a setting cannot be
   * @throws ClusterException when Kafka does not answer or topics are missing
   * @throws ModelException when a model is missing or damaged
   */
  public static StreamProcessor start(ProcessorConfig config)
      throws ConfigException, ClusterException, ModelException {
    return start(config, null);
  }

  /**
   * The same with others' parts in it.
   *
   * @param embedding what is different, or null
   */
  public static StreamProcessor start(ProcessorConfig config, @Nullable Embedding embedding)
      throws ConfigException, ClusterException, ModelException {
    TopicNames topics = topics(config);
    WireFormats formats = formats(config);
    Meters meters = Meters.start(config);
    Serving serving = serving(config, meters, embedding == null);
    try {
      Trials trials =
          new Trials(
              serving.trials(),
              COMPARISONS_PER_PLACE * config.batch().maxSize() * serving.devices().size(),
              new TrialMeters(meters.registry()));
      int partitions = prepareTopics(config, outputs(topics, serving.variants(), trials), Map.of());
      StateDirectory state = StateDirectory.create();
      Drain drain = new Drain();
      StreamProcessor processor =
          new StreamProcessor(
              topics,
              meters,
              serving,
              formats,
              streams(
                  parts(
                      config,
                      topics,
                      serving.variants(),
                      serving.classifier(),
                      estimates(serving.latency()),
                      new TierMeters(meters.registry()),
                      trials,
                      formats,
                      drain),
                  changelog(config),
                  StreamsProperties.of(config, partitions, state.path()),
                  embedding),
              state,
              drain,
              config.drainTimeout());
      processor.begin();
      return processor;
    } catch (ConfigException | ClusterException | RuntimeException e) {
      serving.close();
      meters.close();
      formats.close();
      throw e;
    }
  }

  private static Serving serving(ProcessorConfig config, Meters meters, boolean withTrials)
      throws ConfigException, ModelException {
    try {
      return Serving.start(config, meters.registry(), withTrials);
    } catch (ConfigException | ModelException | RuntimeException e) {
      meters.close();
      throw e;
    }
  }

  /**
   * The topology of a configuration, to look at; nothing is started and no model's weights are
   * read.
   *
   * @throws ConfigException when a setting cannot be
   * @throws ModelException when a model is missing
   */
  public static TopologyDescription describe(ProcessorConfig config)
      throws ConfigException, ModelException {
    List<String> variants = Serving.variants(config);
    try (WireFormats formats = formats(config)) {
      return TopologyFactory.topology(
              parts(
                  config,
                  topics(config),
                  variants,
                  request ->
                      CompletableFuture.failedFuture(new IllegalStateException("only described")),
                  (variant, objective) -> Prediction.NONE,
                  RoutingListener.NONE,
                  new Trials(
                      TrialSettings.of(config, variants),
                      0,
                      new TrialMeters(new SimpleMeterRegistry())),
                  formats,
                  new Drain()),
              changelog(config))
          .describe();
    }
  }

  private static KafkaStreams streams(
      ClassifyParts parts,
      Map<String, String> changelog,
      Properties properties,
      @Nullable Embedding embedding) {
    return embedding == null
        ? new KafkaStreams(TopologyFactory.topology(parts, changelog), properties)
        : new KafkaStreams(
            TopologyFactory.topology(
                embedding.adapt(parts), changelog, embedding.frame().apply(parts.reader())),
            properties,
            embedding.clients());
  }

  private static Map<String, String> changelog(ProcessorConfig config) throws ConfigException {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        String.valueOf(StreamsProperties.ledgerMessageBytes(config)));
  }

  private static ClassifyParts parts(
      ProcessorConfig config,
      TopicNames topics,
      List<String> variants,
      ImageClassifier classifier,
      LatencyEstimates latency,
      RoutingListener listener,
      Trials trials,
      WireFormats formats,
      Drain drain)
      throws ConfigException {
    return new ClassifyParts(
        classifier,
        router(config, variants, latency, listener),
        trials,
        formats.events(),
        topics,
        formats.results(),
        formats.comparisons(),
        drain,
        new ClassifySettings(
            new WindowSettings(config.window().events(), config.window().bytes().bytes()),
            config.topK(),
            ANSWER_INTERVAL,
            StreamsProperties.maxBlock(config)));
  }

  private static LatencyEstimates estimates(LatencyModel latency) {
    return new LatencyEstimates() {
      @Override
      public Prediction predict(String variant, @Nullable Duration objective) {
        return latency.predict(variant, objective);
      }

      @Override
      public Duration share(String variant) {
        return latency.share(variant);
      }
    };
  }

  private static Router router(
      ProcessorConfig config,
      List<String> variants,
      LatencyEstimates latency,
      RoutingListener listener)
      throws ConfigException {
    try {
      return new Router(
          variants,
          TierPolicies.of(config.tiers(), variants),
          TierPolicies.tier(config.tiers().defaultTier()),
          latency,
          new LoadControl(TierPolicies.brownout(config.brownout()), System::nanoTime, listener));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Creates the topics that a configuration needs and that are missing, as {@link #start} does.
   *
   * @throws ConfigException when a setting cannot be
   * @throws ClusterException when Kafka does not answer
   * @throws ModelException when a model is missing
   */
  public static void createTopics(ProcessorConfig config)
      throws ConfigException, ClusterException, ModelException {
    var unused = createTopics(config, Map.of());
  }

  /**
   * The same with topic settings for output topics.
   *
   * @return the output topics, those that were there before too
   */
  public static Set<String> createTopics(ProcessorConfig config, Map<String, String> outputSettings)
      throws ConfigException, ClusterException, ModelException {
    TopicNames topics = topics(config);
    List<String> variants = Serving.variants(config);
    Set<String> outputs = topics.outputs(variants);
    int unused = prepareTopics(config, outputs, outputSettings);
    return outputs;
  }

  private static Set<String> outputs(TopicNames topics, List<String> variants, Trials trials) {
    Set<String> outputs = topics.outputs(variants);
    if (!trials.isEmpty()) {
      outputs.add(topics.comparisons());
    }
    return outputs;
  }

  private static int prepareTopics(
      ProcessorConfig config, Set<String> outputs, Map<String, String> outputSettings)
      throws ClusterException {
    try (Admin admin = TopicAdmin.connect(config)) {
      return new TopicAdmin(admin, config.bootstrap())
          .prepare(config.topics(), outputs, config.maxMessageBytes(), outputSettings);
    }
  }

  /** Completes when all partitions are assigned and restored for the first time. */
  public CompletableFuture<Void> running() {
    return running;
  }

  /** Completes when the processor has stopped; exceptionally when it gave up. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Stands still from now on: takes nothing and puts nothing out. Events in flight are kept. */
  public void pause() {
    streams.pause();
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    streams.resume();
  }

  /** Where things come from and go. */
  public TopicNames topics() {
    return topics;
  }

  /** What it counts and times. */
  public MeterRegistry meters() {
    return meters.registry();
  }

  /** What is served. */
  public Serving serving() {
    return serving;
  }

  /**
   * Answers what is in flight, within the drain time-out, and stops. What is not answered by then
   * stays in the ledger, for the next start or another instance. The group is left, so that others
   * take over at once.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopping.countDown();
    streams.resume(); // else nothing in flight would be answered
    if (!drain.drain(drainTimeout)) {
      log.warn(
          "not all events in flight were answered within {} s; the ledger keeps them for the next"
              + " owner",
          drainTimeout.toSeconds());
    }
    drain.finish();
    boolean stopped =
        streams.close(
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(STOP_TIMEOUT));
    if (!stopped) {
      log.warn("stream threads did not stop within {} s", STOP_TIMEOUT.toSeconds());
    }
    serving.close();
    meters.close();
    formats.close();
    state.delete();
    ended.complete(null);
  }

  private StreamThreadExceptionResponse afterFailure(Throwable error, RestartPolicy restarts) {
    if (isEngineLost(error)) {
      log.error("no new thread would help; stopping, and the events in flight are kept", error);
      ended.completeExceptionally(error);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    Optional<Duration> pause = restarts.nextPause();
    if (pause.isEmpty()) {
      log.error("stream threads fail again and again; giving up", error);
      ended.completeExceptionally(error);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    log.error(
        "a stream thread failed and is replaced in {} s; nothing is lost",
        pause.get().toSeconds(),
        error);
    try {
      if (stopping.await(pause.get().toSeconds(), TimeUnit.SECONDS)) {
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private static boolean isEngineLost(Throwable error) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause)
        .anyMatch(EngineLostException.class::isInstance);
  }

  private void begin() {
    RestartPolicy restarts = new RestartPolicy(System::nanoTime);
    streams.setUncaughtExceptionHandler(error -> afterFailure(error, restarts));
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.RUNNING) {
            running.complete(null);
          } else if (now == KafkaStreams.State.ERROR) {
            ended.completeExceptionally(
                new IllegalStateException("Kafka Streams stopped; the log says why"));
          }
        });
    streams.start();
  }

  private static WireFormats formats(ProcessorConfig config) throws ConfigException {
    try {
      return new WireFormats(
          new WireOptions(
              config.input().format(),
              config.output().format(),
              config.schemaRegistry().url().orElse(null)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("schema-registry.url: " + e.getMessage(), e);
    }
  }

  private static TopicNames topics(ProcessorConfig config) throws ConfigException {
    try {
      return new TopicNames(
          config.topics().input(),
          config.topics().labels(),
          config.topics().deadLetters(),
          config.topics().comparisons());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }
}
