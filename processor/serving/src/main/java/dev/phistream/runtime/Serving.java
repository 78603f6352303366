package dev.phistream.runtime;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.batching.MicroBatcher;
import dev.phistream.batching.NanoClock;
import dev.phistream.batching.QueueKey;
import dev.phistream.config.ConfigException;
import dev.phistream.config.DataSize;
import dev.phistream.config.Problem;
import dev.phistream.config.Settings;
import dev.phistream.image.Background;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.DecodeSettings;
import dev.phistream.image.ImageDecoder;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.DeviceChoice;
import dev.phistream.inference.DeviceException;
import dev.phistream.inference.Engines;
import dev.phistream.inference.GpuSettings;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.latency.LatencyModel;
import dev.phistream.metrics.PredictionMeters;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.pipeline.ActiveModels;
import dev.phistream.pipeline.BatchingClassifier;
import dev.phistream.pipeline.CascadingClassifier;
import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.pipeline.ImagePreparation;
import dev.phistream.pipeline.LoadedModel;
import dev.phistream.pipeline.PipelineStages;
import dev.phistream.pipeline.ReferenceLoader;
import dev.phistream.pipeline.RunnerDevice;
import dev.phistream.repository.ModelRepository;
import dev.phistream.runtime.ResolvedModels.ResolvedModel;
import dev.phistream.trial.Trial;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured models, loaded and warm, with the stages and the micro-batcher before them. */
public final class Serving implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  private final List<String> variants;
  private final List<Trial> trials;
  private final ActiveModels activeModels;
  private final ModelSwitch models;
  private final ModelWatch watch;
  private final ScheduledExecutorService watching;
  private final List<RunnerDevice> devices;
  private final PipelineStages stages;
  private final MicroBatcher<byte[], float[]> batcher;
  private final LatencyModel latency;
  private final ImageClassifier classifier;

  private Serving(
      List<String> variants,
      List<Trial> trials,
      ActiveModels activeModels,
      ModelSwitch models,
      ModelWatch watch,
      ScheduledExecutorService watching,
      List<RunnerDevice> devices,
      PipelineStages stages,
      MicroBatcher<byte[], float[]> batcher,
      LatencyModel latency,
      ImageClassifier classifier) {
    this.variants = variants;
    this.trials = trials;
    this.activeModels = activeModels;
    this.models = models;
    this.watch = watch;
    this.watching = watching;
    this.devices = devices;
    this.stages = stages;
    this.batcher = batcher;
    this.latency = latency;
    this.classifier = classifier;
  }

  /**
   * Loads and warms the models.
   *
   * @param meters where it counts and times
   * @param withTrials whether the models of trials are loaded, too
   * @throws ConfigException when a setting cannot be, also for want of a device
   * @throws ModelException when a model is damaged
   */
  public static Serving start(Settings config, MeterRegistry meters, boolean withTrials)
      throws ConfigException, ModelException {
    return start(config, ResolvedModels.of(config), engine(config), meters, withTrials);
  }

  /** Starts with models that have been found and an engine that has been started. */
  static Serving start(
      Settings config,
      ResolvedModels resolved,
      InferenceEngine engine,
      MeterRegistry meters,
      boolean withTrials)
      throws ConfigException, ModelException {
    int decoders =
        config.decodeThreads().orElseGet(() -> Runtime.getRuntime().availableProcessors());
    int maxBatch = config.batch().maxSize();
    ImageDecoder decoder = decoder(config);
    List<ComputeDevice> places = places(config, engine);
    PipelineStages.Limits limits = StageSettings.of(config, decoders, places.size());
    List<String> allVariants = resolved.variants();
    List<String> variants = resolved.served();
    List<Trial> trials = withTrials ? resolved.trials() : List.of();
    List<ResolvedModel> found = new ArrayList<>(resolved.models());
    found.removeIf(model -> !variants.contains(model.slot()));
    if (withTrials) {
      found.addAll(resolved.trialModels());
    }
    List<Model> models = models(found);
    if (!config.modelSwitch().allowLabelChange()) {
      checkLabels(config, trials, variants, models);
    }
    Function<QueueKey, BatchPolicy> policies = policies(config, allVariants, trials, maxBatch);
    ModelLoader loader = new ModelLoader(engine, maxBatch);
    List<RunnerDevice> devices =
        places.stream().map(place -> new RunnerDevice(place.name())).toList();
    ActiveModels activeModels = activeModels(found, models, loader.load(models, places), devices);
    log.info(
        "serving {} on {}, {} workers on {}",
        String.join(", ", models.stream().map(model -> model.card().id()).toList()),
        engine.name(),
        places.size(),
        places.stream().map(ComputeDevice::name).distinct().collect(Collectors.joining(", ")));
    log.info("JPEG files are decoded by {}", decoder.jpegLibrary());
    PipelineStages stages =
        new PipelineStages(
            loader(config), ImagePreparation.with(decoder), limits, NanoClock.SYSTEM);
    Gauge.builder("phistream.stages.abandoned", stages, PipelineStages::abandonedThreads)
        .description("Threads that took too long with an event and have not come back")
        .register(meters);
    MicroBatcher<byte[], float[]> batcher =
        new MicroBatcher<>(policies, devices, config.callLimit(), NanoClock.SYSTEM);
    ModelSwitch modelSwitch =
        new ModelSwitch(
            engine,
            loader,
            places,
            devices,
            batcher,
            activeModels,
            config.modelSwitch().allowLabelChange(),
            onlyVariant(variants, trials));
    ModelWatch watch =
        new ModelWatch(
            ModelRepository.locator(config.modelRepository()),
            modelSwitch,
            found.stream().collect(Collectors.toMap(ResolvedModel::slot, ResolvedModel::name)));
    LatencyModel latency =
        new LatencyModel(
            batcher.forecast().by(slot -> activeModels.pair(slot).current().queue()),
            decoders,
            new PredictionMeters(meters));
    ScheduledExecutorService watching = watchingThread();
    watch(watching, config.modelSwitch().poll(), watch);
    return new Serving(
        variants,
        trials,
        activeModels,
        modelSwitch,
        watch,
        watching,
        devices,
        stages,
        batcher,
        latency,
        new CascadingClassifier(
            new BatchingClassifier(
                activeModels,
                engine.name(),
                stages,
                batcher,
                latency,
                NanoClock.SYSTEM,
                back(watching, watch))));
  }

  private static ActiveModels activeModels(
      List<ResolvedModel> found,
      List<Model> models,
      List<List<RunnerDevice.WarmRunner>> warm,
      List<RunnerDevice> devices) {
    List<LoadedModel> loaded = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      LoadedModel model = ModelSwitch.loaded(found.get(m).slot(), models.get(m), 0);
      for (int d = 0; d < devices.size(); d++) {
        devices.get(d).add(model.queue(), warm.get(m).get(d));
      }
      loaded.add(model);
    }
    return new ActiveModels(loaded);
  }

  private static ScheduledExecutorService watchingThread() {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread daemon = new Thread(task, "model-watch");
          daemon.setDaemon(true);
          return daemon;
        });
  }

  /** Not by the thread that noticed, which belongs to a device: a switch may take long. */
  private static BatchingClassifier.BrokenModels back(
      ScheduledExecutorService watching, ModelWatch watch) {
    return (slot, model) -> {
      try {
        watching.execute(() -> watch.back(slot, model));
      } catch (RejectedExecutionException e) {
        log.debug("closing; {} stays", slot, e);
      }
    };
  }

  private static void watch(ScheduledExecutorService thread, Duration poll, ModelWatch watch) {
    if (!poll.isZero()) {
      var unused =
          thread.scheduleWithFixedDelay(
              watch::poll, poll.toNanos(), poll.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** The served variants, fastest first. */
  public List<String> variants() {
    return variants;
  }

  /** The trials whose models are loaded. */
  public List<Trial> trials() {
    return trials;
  }

  /** Looks now whether a model has changed, as is done at intervals. */
  void pollModels() {
    watch.poll();
  }

  /** Puts other models in the place of those that answer. */
  ModelSwitch models() {
    return models;
  }

  /** Answers for the variants above. */
  public ImageClassifier classifier() {
    return classifier;
  }

  /** What computes, one entry per worker; {@link #batchLimit} takes a place in this list. */
  public List<String> devices() {
    return devices.stream().map(RunnerDevice::name).toList();
  }

  /** Most images in a micro-batch of a variant on a device; falls when its memory runs out. */
  public int batchLimit(int device, String variant) {
    return batcher.limit(device, activeModels.pair(variant).current().queue());
  }

  /** Images with which a micro-batch is full now: what the limit and the objective allow. */
  public int batchTarget(int device, String variant) {
    return batcher.target(device, activeModels.pair(variant).current().queue());
  }

  /** What answering takes. */
  public LatencyModel latency() {
    return latency;
  }

  /** Cancels what waits, lets running micro-batches end, frees the models. */
  @Override
  public void close() {
    watching.shutdownNow();
    models.close();
    stages.closeIntake();
    batcher.close();
    stages.close();
    for (int i = 0; i < devices.size(); i++) {
      if (!batcher.isLost(i)) { // a call may still be using the models of one that is
        devices.get(i).close();
      }
    }
  }

  /**
   * The cards of the models that a configuration serves, by the names that it gives them; their
   * weights are not read.
   *
   * @throws ModelException when one is missing
   */
  public static Map<String, ModelCard> cards(Settings config) throws ModelException {
    ModelLocator locator = ModelRepository.locator(config.modelRepository());
    Map<String, ModelCard> cards = new LinkedHashMap<>();
    for (String name : config.models()) {
      cards.put(name, locator.find(name).card());
    }
    return cards;
  }

  private static void checkLabels(
      Settings config, List<Trial> trials, List<String> variants, List<Model> models)
      throws ConfigException {
    for (int t = 0; t < trials.size(); t++) {
      Trial trial = trials.get(t);
      ConfiguredTrials.checkLabels(
          config,
          trial,
          /* model= */ models.get(variants.size() + t),
          /* own= */ models.get(variants.indexOf(trial.variant())));
    }
  }

  private static Map<String, String> onlyVariant(List<String> variants, List<Trial> trials) {
    Map<String, String> only = new HashMap<>();
    variants.forEach(variant -> only.put(variant, variant));
    for (Trial trial : trials) {
      if (trial.kind() == Trial.Kind.CANARY) {
        only.put(trial.slot(), trial.variant());
      }
    }
    return only;
  }

  private static Function<QueueKey, BatchPolicy> policies(
      Settings config, List<String> variants, List<Trial> trials, int maxBatch) {
    Map<String, BatchPolicy> byTier =
        TierPolicies.batches(TierPolicies.of(config.tiers(), variants), maxBatch);
    BatchPolicy otherwise = new BatchPolicy(maxBatch);
    Map<String, BatchPolicy> bySeat = new HashMap<>(byTier);
    for (Trial trial : trials) {
      bySeat.put(
          trial.slot(),
          trial.kind() == Trial.Kind.CANARY
              ? byTier.getOrDefault(trial.variant(), otherwise)
              // As small as the most urgent events ask: they may have to wait for one of these.
              : byTier.values().stream().reduce(otherwise, TierPolicies::stricter));
    }
    return queue -> bySeat.getOrDefault(queue.slot(), otherwise);
  }

  private static List<Model> models(List<ResolvedModel> all) throws ModelException {
    List<Model> models = new ArrayList<>();
    for (ResolvedModel found : all) {
      models.add(found.directory().load());
    }
    return List.copyOf(models);
  }

  static InferenceEngine engine(Settings config) throws ModelException {
    GpuSettings gpu =
        new GpuSettings(
            config.batch().maxSize(),
            config.gpu().memoryLimit().stream().mapToLong(DataSize::bytes).findFirst(),
            config.gpu().tf32());
    return Engines.start(config.engine(), workers(config), gpu);
  }

  /** Where the workers run: one on each GPU, or as many as configured on the CPU. */
  private static List<ComputeDevice> places(Settings config, InferenceEngine engine)
      throws ConfigException {
    List<ComputeDevice> devices;
    try {
      devices = DeviceChoice.parse(config.device()).resolve(engine);
    } catch (DeviceException e) {
      throw new ConfigException(
          List.of(
              new Problem(
                  "device",
                  "%s; %s".formatted(e.getMessage(), config.provenance().origin("device")))),
          e);
    }
    return devices.equals(List.of(ComputeDevice.CPU))
        ? Collections.nCopies(workers(config), ComputeDevice.CPU)
        : devices;
  }

  private static int workers(Settings config) {
    return config.workers().orElseGet(() -> Runtime.getRuntime().availableProcessors());
  }

  private static ImageDecoder decoder(Settings config) throws ConfigException {
    Settings.Images images = config.images();
    DecodeLimits limits =
        new DecodeLimits(
            Math.toIntExact(images.maxBytes().bytes()),
            images.maxPixels(),
            DecodeLimits.DEFAULT.maxDimension());
    try {
      return new ImageDecoder(
          new DecodeSettings(
                  limits, Set.copyOf(images.formats()), Background.of(images.background()))
              .withJpegLibrary(images.jpegDecoder())
              .withReducesLarge(images.fastDecode()));
    } catch (IllegalStateException e) {
      throw new ConfigException(
          List.of(
              new Problem(
                  "images.jpeg-decoder",
                  "%s; %s"
                      .formatted(
                          e.getMessage(), config.provenance().origin("images.jpeg-decoder")))),
          e);
    }
  }

  private static ReferenceLoader loader(Settings config) {
    return new ReferenceLoader(
        Set.copyOf(config.references().allowedHosts().orElse(List.of())),
        config.references().allowedDirectories().orElse(List.of()),
        config.references().timeout(),
        Math.toIntExact(config.images().maxBytes().bytes()));
  }
}
