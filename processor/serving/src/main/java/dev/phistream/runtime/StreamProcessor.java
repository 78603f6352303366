package dev.phistream.runtime;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Role;
import dev.phistream.config.Settings;
import dev.phistream.event.Tier;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.latency.LatencyEstimates;
import dev.phistream.latency.Prediction;
import dev.phistream.metrics.TierMeters;
import dev.phistream.metrics.TrialMeters;
import dev.phistream.model.ModelException;
import dev.phistream.pipeline.EngineLostException;
import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.routing.BrownoutPolicy;
import dev.phistream.routing.LoadControl;
import dev.phistream.routing.Router;
import dev.phistream.routing.RoutingListener;
import dev.phistream.routing.TierPolicy;
import dev.phistream.topology.ClassifyParts;
import dev.phistream.topology.ClassifySettings;
import dev.phistream.topology.Drain;
import dev.phistream.topology.InFlightWindow;
import dev.phistream.topology.RefusedRecords;
import dev.phistream.topology.RouteParts;
import dev.phistream.topology.Safeguards;
import dev.phistream.topology.TopicNames;
import dev.phistream.topology.TopologyFactory;
import dev.phistream.topology.WindowSettings;
import dev.phistream.trial.Trial;
import dev.phistream.trial.Trials;
import dev.phistream.wire.WireFormats;
import dev.phistream.wire.WireOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
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
  private final @Nullable Serving serving;
  private final List<String> variants;
  private final WireFormats formats;
  private final List<KafkaStreams> applications;
  private final StateDirectory state;
  private final Drain drain;
  private final TopicLimitsWatch limits;
  private final Safeguards safeguards;
  private final ThreadRestarts restarts = new ThreadRestarts();
  private final Settings config;
  private final CompletableFuture<Void> running = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private boolean closed;

  private StreamProcessor(
      TopicNames topics,
      Meters meters,
      @Nullable Serving serving,
      List<String> variants,
      WireFormats formats,
      List<KafkaStreams> applications,
      StateDirectory state,
      Drain drain,
      TopicLimitsWatch limits,
      Safeguards safeguards,
      Settings config) {
    this.limits = limits;
    this.safeguards = safeguards;
    this.topics = topics;
    this.meters = meters;
    this.serving = serving;
    this.variants = variants;
    this.formats = formats;
    this.applications = applications;
    this.state = state;
    this.drain = drain;
    this.config = config;
  }

  /**
   * Starts a processor; it is at work when {@link #running} completes.
   *
   * @throws ConfigException when a setting cannot be
   * @throws ClusterException when Kafka does not answer or topics are missing
   * @throws ModelException when a model is missing or damaged
   */
  public static StreamProcessor start(Settings config)
      throws ConfigException, ClusterException, ModelException {
    return start(config, null);
  }

  /**
   * The same with others' parts in it.
   *
   * @param overrides what is different, or null
   */
  public static StreamProcessor start(Settings config, @Nullable ProcessorOverrides overrides)
      throws ConfigException, ClusterException, ModelException {
    FileDescriptors.check();
    var unused = StreamsProperties.check(config);
    TopicNames topics = topics(config);
    ResolvedModels models = ResolvedModels.of(config);
    List<String> variants = models.variants();
    List<String> served = models.served();
    checkTopics(config, outputs(topics, variants, overrides == null ? models.trials() : List.of()));
    WireFormats formats = formats(config);
    Meters meters = Meters.start(config);
    Serving serving =
        config.role() == Role.ROUTER ? null : serving(config, models, meters, overrides == null);
    TopicLimitsWatch limits = null;
    try {
      Trials trials = serving == null ? Trials.none() : trials(config, serving, meters);
      Set<String> outputs =
          outputs(topics, variants, serving == null ? List.of() : serving.trials());
      int partitions = prepareTopics(config, outputs, Map.of());
      if (config.role() != Role.ALL) {
        outputs.addAll(prepareRouted(config, topics, variants));
      }
      fitChangelogs(config, served);
      Drain drain = new Drain();
      limits =
          TopicLimitsWatch.start(
              config, outputs, StreamsProperties.producerBytes(StreamsProperties.check(config)));
      Safeguards safeguards =
          Safeguards.create(
              limits, StreamsProperties.eventBytes(config), window(config), drain::isRequested);
      StateDirectory state = StateDirectory.create();
      List<Application> applications =
          serving == null
              ? List.of(
                  router(
                      config,
                      topics,
                      variants,
                      new TierMeters(meters.registry()),
                      formats,
                      safeguards))
              : classifiers(
                  config,
                  served,
                  parts(
                      config,
                      topics,
                      variants,
                      serving.classifier(),
                      serving.latency(),
                      new TierMeters(meters.registry()),
                      trials,
                      formats,
                      drain,
                      safeguards),
                  overrides);
      List<KafkaStreams> streams = new ArrayList<>();
      KafkaClientSupplier clients =
          new StreamsClients(
              overrides == null ? WindowedConsumer::new : overrides.consumer(),
              environment(safeguards, drain));
      for (Application application : applications) {
        Properties properties =
            StreamsProperties.of(
                config, application, partitions, applications.size(), state.path());
        properties.put(
            RefusedRecords.LISTENER,
            new RefusedRecords.Listener(safeguards.failures(), limits::refresh));
        streams.add(new KafkaStreams(application.topology(), properties, clients));
      }
      StreamProcessor processor =
          new StreamProcessor(
              topics,
              meters,
              serving,
              served,
              formats,
              streams,
              state,
              drain,
              limits,
              safeguards,
              config);
      processor.begin();
      return processor;
    } catch (ConfigException | ClusterException | RuntimeException e) {
      if (limits != null) {
        limits.close();
      }
      if (serving != null) {
        serving.close();
      }
      meters.close();
      formats.close();
      throw e;
    }
  }

  private static WindowedConsumer.Environment environment(Safeguards safeguards, Drain drain) {
    return new WindowedConsumer.Environment() {
      @Override
      public InFlightWindow window() {
        return safeguards.window();
      }

      @Override
      public boolean expectsAnswers() {
        return drain.isBusy();
      }

      @Override
      public void committed() {
        safeguards.outcomes().committed();
      }
    };
  }

  private static WindowSettings window(Settings config) {
    return new WindowSettings(config.window().events(), config.window().bytes().bytes());
  }

  private static Trials trials(Settings config, Serving serving, Meters meters) {
    return new Trials(
        serving.trials(),
        COMPARISONS_PER_PLACE * config.batch().maxSize() * serving.devices().size(),
        new TrialMeters(meters.registry()));
  }

  private static Serving serving(
      Settings config, ResolvedModels models, Meters meters, boolean withTrials)
      throws ConfigException, ModelException {
    try {
      return Serving.start(config, models, Serving.engine(config), meters.registry(), withTrials);
    } catch (ConfigException | ModelException | RuntimeException e) {
      meters.close();
      throw e;
    }
  }

  /**
   * The topologies of a configuration, to look at, by application id; nothing is started and no
   * model's weights are read.
   *
   * @throws ConfigException when a setting cannot be
   * @throws ModelException when a model is missing
   */
  public static Map<String, TopologyDescription> describe(Settings config)
      throws ConfigException, ModelException {
    ResolvedModels models = ResolvedModels.of(config);
    List<String> variants = models.variants();
    List<String> served = models.served();
    try (WireFormats formats = formats(config)) {
      List<Application> applications =
          config.role() == Role.ROUTER
              ? List.of(
                  router(
                      config,
                      topics(config),
                      variants,
                      RoutingListener.NONE,
                      formats,
                      Safeguards.unlimited(window(config), () -> false)))
              : classifiers(
                  config,
                  served,
                  parts(
                      config,
                      topics(config),
                      variants,
                      request ->
                          CompletableFuture.failedFuture(
                              new IllegalStateException("only described")),
                      (variant, objective) -> Prediction.NONE,
                      RoutingListener.NONE,
                      new Trials(models.trials(), 0, new TrialMeters(new SimpleMeterRegistry())),
                      formats,
                      new Drain(),
                      Safeguards.unlimited(window(config), () -> false)),
                  null);
      Map<String, TopologyDescription> described = new LinkedHashMap<>();
      applications.forEach(
          application -> described.put(application.id(), application.topology().describe()));
      return described;
    }
  }

  private static Application router(
      Settings config,
      TopicNames topics,
      List<String> variants,
      RoutingListener listener,
      WireFormats formats,
      Safeguards safeguards)
      throws ConfigException {
    return new Application(
        Roles.routerId(config),
        TopologyFactory.router(
            new RouteParts(
                router(config, variants, Roles.estimates(config), listener),
                variants,
                !config.router().expected().isEmpty(),
                formats.events(),
                topics,
                safeguards)),
        false);
  }

  private static List<Application> classifiers(
      Settings config,
      List<String> served,
      ClassifyParts parts,
      @Nullable ProcessorOverrides overrides)
      throws ConfigException {
    Map<String, String> changelog = changelog(config);
    if (config.role() == Role.CLASSIFIER) {
      return served.stream()
          .map(
              variant ->
                  new Application(
                      Roles.classifierId(config, variant),
                      TopologyFactory.topology(parts.with(parts.topics().of(variant)), changelog),
                      true))
          .toList();
    }
    Topology whole =
        overrides == null
            ? TopologyFactory.topology(parts, changelog)
            : TopologyFactory.topology(
                overrides.adapt(parts), changelog, overrides.extension().apply(parts.reader()));
    return List.of(new Application(config.applicationId(), whole, true));
  }

  /** An entry's time is its event's; the broker's own is never refused. */
  private static Map<String, String> changelog(Settings config) throws ConfigException {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        String.valueOf(StreamsProperties.ledgerMessageBytes(config)),
        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
        TimestampType.LOG_APPEND_TIME.name);
  }

  /** Changelogs that an earlier version or another configuration has made. */
  private static void fitChangelogs(Settings config, List<String> served)
      throws ConfigException, ClusterException {
    List<String> applications =
        switch (config.role()) {
          case ALL -> List.of(config.applicationId());
          case CLASSIFIER ->
              served.stream().map(variant -> Roles.classifierId(config, variant)).toList();
          case ROUTER -> List.of();
        };
    try (TopicAdmin admin = TopicAdmin.open(config)) {
      admin.fitChangelogs(
          applications.stream()
              .map(id -> id + "-" + TopologyFactory.LEDGER_STORE + "-changelog")
              .collect(Collectors.toSet()),
          changelog(config));
    }
  }

  private static ClassifyParts parts(
      Settings config,
      TopicNames topics,
      List<String> variants,
      ImageClassifier classifier,
      LatencyEstimates latency,
      RoutingListener listener,
      Trials trials,
      WireFormats formats,
      Drain drain,
      Safeguards safeguards)
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
        safeguards,
        new ClassifySettings(
            config.topK(),
            ANSWER_INTERVAL,
            config.window().answerTimeout(),
            config.role() == Role.CLASSIFIER));
  }

  private static Router router(
      Settings config, List<String> variants, LatencyEstimates latency, RoutingListener listener)
      throws ConfigException {
    Map<Tier, TierPolicy> tiers = TierPolicies.of(config.tiers(), variants);
    BrownoutPolicy brownout = TierPolicies.brownout(config.brownout());
    if (config.role() == Role.ROUTER) { // which does not see the load
      tiers.replaceAll((tier, policy) -> policy.plain());
      brownout = null;
    }
    return new Router(
        variants,
        tiers,
        config.tiers().defaultTier(),
        latency,
        new LoadControl(brownout, System::nanoTime, listener));
  }

  /**
   * Creates the topics that a configuration needs and that are missing, as {@link #start} does.
   *
   * @throws ConfigException when a setting cannot be
   * @throws ClusterException when Kafka does not answer
   * @throws ModelException when a model is missing
   */
  public static void createTopics(Settings config)
      throws ConfigException, ClusterException, ModelException {
    var unused = createTopics(config, Map.of());
  }

  /**
   * The same with topic settings for output topics.
   *
   * @return the output topics, those that were there before too
   */
  public static Set<String> createTopics(Settings config, Map<String, String> outputSettings)
      throws ConfigException, ClusterException, ModelException {
    TopicNames topics = topics(config);
    List<String> variants = ResolvedModels.of(config).variants();
    Set<String> outputs = topics.outputs(variants);
    int unused = prepareTopics(config, outputs, outputSettings);
    return outputs;
  }

  private static Set<String> outputs(TopicNames topics, List<String> variants, List<Trial> trials) {
    Set<String> outputs = topics.outputs(variants);
    if (!trials.isEmpty()) {
      outputs.add(topics.comparisons());
    }
    return outputs;
  }

  /** Asks Kafka before anything is loaded, and creates nothing. */
  private static void checkTopics(Settings config, Set<String> outputs) throws ClusterException {
    new KafkaConnection(config.kafka()).checkReachable();
    try (TopicAdmin admin = TopicAdmin.open(config)) {
      admin.requireTopics(config.topics(), outputs);
    }
  }

  private static int prepareTopics(
      Settings config, Set<String> outputs, Map<String, String> outputSettings)
      throws ClusterException, ConfigException {
    try (Admin admin = TopicAdmin.connect(config)) {
      return new TopicAdmin(admin, config.bootstrap())
          .prepare(
              config.topics(),
              outputs,
              config.maxMessageBytes(),
              StreamsProperties.ledgerMessageBytes(config),
              outputSettings);
    }
  }

  /** A routed event is as long as it was and has a header more. */
  private static Set<String> prepareRouted(
      Settings config, TopicNames topics, List<String> variants)
      throws ClusterException, ConfigException {
    Set<String> routed = new LinkedHashSet<>();
    variants.forEach(variant -> routed.add(topics.routed(variant)));
    int unused = prepareTopics(config, routed, Map.of());
    return routed;
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
    applications.forEach(KafkaStreams::pause);
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    applications.forEach(KafkaStreams::resume);
  }

  /** Where things come from and go. */
  public TopicNames topics() {
    return topics;
  }

  /** What it counts and times. */
  public MeterRegistry meters() {
    return meters.registry();
  }

  /**
   * What is served.
   *
   * @throws IllegalStateException in a router, which serves nothing
   */
  public Serving serving() {
    if (serving == null) {
      throw new IllegalStateException("a router serves nothing");
    }
    return serving;
  }

  /** The variants that it answers for or, as a router, routes to; fastest first. */
  public List<String> variants() {
    return variants;
  }

  /**
   * Answers what is in flight, within the drain time-out, and stops. What is not answered by then
   * stays in the ledger, for the next start or another instance. The group is left, so that others
   * take over at once; but an instance with a name stays in it, so that it may come back to its
   * partitions.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    restarts.close();
    applications.forEach(KafkaStreams::resume); // else nothing in flight would be answered
    if (!drain.drain(config.drainTimeout())) {
      log.warn(
          "not all events in flight were answered within {} s; the ledger keeps them for the next"
              + " owner",
          config.drainTimeout().toSeconds());
    }
    CloseOptions options =
        CloseOptions.groupMembershipOperation(
                config.instanceId().isPresent()
                    ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                    : CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
            .withTimeout(STOP_TIMEOUT);
    for (KafkaStreams streams : applications) {
      if (!streams.close(options)) {
        log.warn("stream threads did not stop within {} s", STOP_TIMEOUT.toSeconds());
      }
    }
    if (serving != null) {
      serving.close();
    }
    limits.close();
    meters.close();
    formats.close();
    state.delete();
    ended.complete(null);
  }

  private StreamThreadExceptionResponse afterFailure(
      Throwable error, KafkaStreams streams, RestartPolicy policy) {
    if (has(error, FencedInstanceIdException.class)) {
      IllegalStateException taken =
          new IllegalStateException(
              "instance-id: %s (expected: a name that no other instance of %s has; another has joined with it)"
                  .formatted(config.instanceId().orElse(""), config.applicationId()),
              error);
      log.error("stopping: {}", taken.getMessage());
      ended.completeExceptionally(taken);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    if (has(error, EngineLostException.class)) {
      log.error("no new thread would help; stopping, and the events in flight are kept", error);
      ended.completeExceptionally(error);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    Optional<Duration> pause = policy.nextPause(safeguards.outcomes().count());
    if (pause.isEmpty()) {
      log.error("stream threads fail again and again; giving up", error);
      ended.completeExceptionally(error);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    log.error(
        "a stream thread failed and is replaced in {} ms; nothing is lost",
        pause.get().toMillis(),
        error);
    safeguards.failures().threadFails(error);
    restarts.startAfter(pause.get(), streams);
    // Kafka Streams silences its first threads, but not those that are added.
    Thread.currentThread().setUncaughtExceptionHandler((thread, silent) -> {});
    throw new ThreadRestarts.ThreadEndsException(error);
  }

  private static boolean has(Throwable error, Class<? extends Throwable> cause) {
    return Stream.iterate(error, e -> e != null, Throwable::getCause).anyMatch(cause::isInstance);
  }

  private void begin() {
    Set<KafkaStreams> starting = ConcurrentHashMap.newKeySet();
    starting.addAll(applications);
    for (KafkaStreams streams : applications) {
      RestartPolicy policy = new RestartPolicy(System::nanoTime);
      streams.setUncaughtExceptionHandler(error -> afterFailure(error, streams, policy));
      streams.setStateListener(
          (now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
              starting.remove(streams);
              if (starting.isEmpty()) {
                running.complete(null);
              }
            } else if (now == KafkaStreams.State.ERROR) {
              ended.completeExceptionally(
                  new IllegalStateException("Kafka Streams stopped; the log says why"));
            }
          });
    }
    applications.forEach(KafkaStreams::start);
  }

  private static WireFormats formats(Settings config) throws ConfigException {
    return new WireFormats(
        new WireOptions(
            config.input().format(),
            config.output().format(),
            config.schemaRegistry().url().orElse(null)));
  }

  private static TopicNames topics(Settings config) throws ConfigException {
    return new TopicNames(
        config.topics().input(),
        config.topics().labels(),
        config.topics().deadLetters(),
        config.topics().comparisons(),
        config.topics().routed());
  }
}
