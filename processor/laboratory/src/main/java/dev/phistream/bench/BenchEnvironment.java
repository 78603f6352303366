package dev.phistream.bench;

import dev.phistream.broker.BrokerException;
import dev.phistream.broker.EmbeddedBroker;
import dev.phistream.client.EventFormat;
import dev.phistream.config.ConfigException;
import dev.phistream.config.KafkaSettings;
import dev.phistream.config.Settings;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Safetensors;
import dev.phistream.runtime.FreshTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * What scenarios share: an embedded broker, images, and measured processes that stay for the next
 * round. Not thread-safe.
 */
final class BenchEnvironment implements AutoCloseable {
  /** Partitions of each topic, as the processor's default is. */
  static final int PARTITIONS = 4;

  static final String EXACTLY_ONCE = "exactly_once_v2";
  static final String AT_LEAST_ONCE = "at_least_once";

  private static final String SHARED = "the shared process";
  private static final int DRAWN_IMAGES = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration ROUND_TIMEOUT = Duration.ofMinutes(10);

  /** Enough for four windows of 32 MB; a bound, for several processes share the machine. */
  static final List<String> JVM = List.of("-Xmx1g");

  /** The second compiler pays after minutes only. */
  private static final List<String> QUICK_JVM = List.of("-Xmx1g", "-XX:TieredStopAtLevel=1");

  private final StreamOptions options;
  private final Consumer<String> progress;
  private final EmbeddedBroker broker;
  private final Path directory;
  private final List<byte[]> images;
  private final Map<String, MeasuredProcess<StreamJob, StreamReply>> processes =
      new LinkedHashMap<>();
  private final Map<String, String> models = new HashMap<>();
  private int names;

  private BenchEnvironment(
      StreamOptions options,
      Consumer<String> progress,
      EmbeddedBroker broker,
      Path directory,
      List<byte[]> images) {
    this.options = options;
    this.progress = progress;
    this.broker = broker;
    this.directory = directory;
    this.images = images;
  }

  /** Starts a broker and draws or takes the images. */
  static BenchEnvironment open(StreamOptions options, Consumer<String> progress)
      throws BenchException {
    List<byte[]> images =
        options.images().isEmpty() ? BenchImages.draw(DRAWN_IMAGES, 1) : options.images();
    try {
      Path directory = Files.createTempDirectory("phistream-bench-");
      Path files = Files.createDirectory(directory.resolve("images"));
      for (int i = 0; i < images.size(); i++) {
        Files.write(files.resolve("%05d".formatted(i)), images.get(i));
      }
      return new BenchEnvironment(
          options,
          progress,
          EmbeddedBroker.start(EmbeddedBroker.Options.temporary()),
          directory,
          images);
    } catch (BrokerException e) {
      throw new BenchException("broker: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new BenchException("temporary directory: not writable: " + e, e);
    }
  }

  StreamOptions options() {
    return options;
  }

  /** Encoded images, to be sent in turn. */
  List<byte[]> images() {
    return images;
  }

  /** Tells whoever looks on. */
  void say(String what) {
    progress.accept(what);
  }

  /** Clients of the broker that wait for nobody before they send. */
  KafkaConnection kafka() {
    return new KafkaConnection(new KafkaSettings(broker.bootstrap(), Map.of("linger.ms", "0")));
  }

  /** A name that nothing in this run had before. */
  String fresh(String what) {
    return "bench-%s-%d".formatted(what, ++names);
  }

  /** Makes a topic. */
  String topic(String what) throws BenchException, InterruptedException {
    String topic = fresh(what);
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
      FreshTopics.await(admin, List.of(topic), Duration.ofSeconds(30));
      return topic;
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchException("topic %s: %s".formatted(topic, e), e);
    }
  }

  /** Makes a topic with events on it, without a wish for a tier. */
  String backlog(EventFormat format, int events)
      throws BenchException, InterruptedException, ExecutionException {
    String topic = topic("images");
    say("sending %d events".formatted(events));
    try {
      Backlog.send(KafkaConnection.to(broker.bootstrap()), topic, format, images, events);
    } catch (ClusterException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    }
    return topic;
  }

  /**
   * Settings of a processor: group, topics and models of its own, then the user's, then {@code
   * special}.
   */
  Map<String, String> settings(
      String input, String guarantee, Collection<String> models, Map<String, String> special)
      throws BenchException {
    String name = fresh("processor");
    List<String> found = new ArrayList<>();
    for (String model : models) {
      found.add(model(model));
    }
    Map<String, String> all = new LinkedHashMap<>();
    all.put("application-id", name);
    all.put("topics.input", input);
    all.put("topics.labels", name + ".{tier}");
    all.put("topics.dead-letters", name + ".dead-letters");
    all.put("tiers.default", "accuracy");
    all.put("kafka.processing.guarantee", guarantee);
    options.repository().ifPresent(place -> all.put("model-repository", place.toString()));
    all.putAll(options.settings());
    all.put("bootstrap", broker.bootstrap());
    all.put("models", String.join(",", found));
    all.putAll(special);
    return all;
  }

  /** What settings mean. */
  static Settings config(Map<String, String> settings) throws BenchException {
    try {
      return Settings.of(settings);
    } catch (ConfigException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The topic of a tier's labels by these settings. */
  static String labels(Map<String, String> settings, String tier) {
    return settings.getOrDefault("topics.labels", "").replace("{tier}", tier);
  }

  /** A process that is measured, started at its first use. */
  MeasuredProcess<StreamJob, StreamReply> process(String name) throws BenchException {
    return process(name, JVM, List.of());
  }

  /** The same with options for its JVM and more libraries. */
  MeasuredProcess<StreamJob, StreamReply> process(
      String name, List<String> jvm, List<Path> libraries) throws BenchException {
    if (!options.oneProcess()) {
      MeasuredProcess<StreamJob, StreamReply> known = processes.get(name);
      return known == null ? start(name, jvm, libraries) : known;
    }
    MeasuredProcess<StreamJob, StreamReply> shared = processes.get(SHARED);
    return shared == null
        ? start(
            SHARED,
            QUICK_JVM,
            options.scenarios().contains(Scenario.PEERS) ? PeerLibraries.find() : List.of())
        : shared;
  }

  /** A process that is never shared, for what runs beside another. */
  MeasuredProcess<StreamJob, StreamReply> ownProcess(String name) throws BenchException {
    MeasuredProcess<StreamJob, StreamReply> known = processes.get(name);
    return known == null ? start(name, options.oneProcess() ? QUICK_JVM : JVM, List.of()) : known;
  }

  private MeasuredProcess<StreamJob, StreamReply> start(
      String key, List<String> jvm, List<Path> libraries) throws BenchException {
    MeasuredProcess<StreamJob, StreamReply> fresh =
        MeasuredProcess.start(
            key, StreamProcess.class, StreamReply.class, jvm, List.of(), libraries);
    processes.put(key, fresh);
    return fresh;
  }

  /** The bare loop over {@code count} of the images; a command of {@code BARE_*}. */
  List<Double> bare(StreamJob.Command command, Map<String, String> settings, int count)
      throws BenchException, InterruptedException {
    return process("the bare loop")
        .ask(
            new StreamJob(command, settings, null, directory.resolve("images").toString(), count),
            ROUND_TIMEOUT)
        .values();
  }

  /**
   * One round: a subject starts on a topic with a backlog, and stops when all results have been
   * seen.
   *
   * @param labels where it puts them
   */
  Round round(
      MeasuredProcess<StreamJob, StreamReply> process,
      StreamJob.SubjectKind subject,
      Map<String, String> settings,
      String labels,
      int events)
      throws BenchException, InterruptedException {
    process.ask(StreamJob.start(subject, settings), PATIENCE);
    CpuUse before = CpuUse.now();
    boolean ours =
        subject == StreamJob.SubjectKind.PROCESSOR || subject == StreamJob.SubjectKind.REPLAY;
    ResultCount results;
    try {
      results = ResultCount.await(kafka(), labels, events, ROUND_TIMEOUT, ours);
    } catch (ClusterException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    }
    CpuUse measuring = CpuUse.now().since(before);
    StreamReply reply = process.ask(StreamJob.stop(), PATIENCE);
    CpuUse cpu = reply.cpu();
    if (cpu == null) {
      throw new BenchException("%s: no processor time".formatted(subject));
    }
    return new Round(
        ours ? results.perSecond() : results.perSecond((double) reply.firstTakenMillis()),
        ours ? results.meanBatch() : 1,
        cpu,
        measuring);
  }

  /**
   * What a round found.
   *
   * @param perSecond events, from the first taken off its topic to the last result seen
   * @param meanBatch mean size of its micro-batches
   * @param cpu what the subject's process used
   * @param measuring what this process used, in which the broker is
   */
  record Round(double perSecond, double meanBatch, CpuUse cpu, CpuUse measuring) {
    /** What both processes used. */
    CpuUse all() {
      return cpu.plus(measuring);
    }
  }

  /** What the processor shall call a model: published variants without weights get random ones. */
  private String model(String name) throws BenchException {
    String known = models.get(name);
    if (known != null) {
      return known;
    }
    ModelLocator locator = new ModelLocator(options.repository());
    try {
      String found = name;
      if (!isThere(locator, name)) {
        Path place = directory.resolve("models").resolve(name);
        BenchModels.Found random = new BenchModels(locator).find(name);
        ModelDirectory.write(
            place,
            random.model().card(),
            random.model().labels(),
            random.model().weights().tensors(),
            Safetensors.Precision.F32);
        found = place.toString();
      }
      models.put(name, found);
      return found;
    } catch (ModelException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new BenchException("model %s: not writable: %s".formatted(name, e), e);
    }
  }

  private static boolean isThere(ModelLocator locator, String name) {
    try {
      locator.find(name).card();
      return true;
    } catch (ModelException e) {
      return false;
    }
  }

  /** Directory for what a scenario makes; goes with the environment. */
  Path directory() {
    return directory;
  }

  /** Ends all processes and the broker. */
  @Override
  public void close() {
    processes.values().forEach(MeasuredProcess::close);
    broker.close();
    try {
      FileUtils.deleteDirectory(directory.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
