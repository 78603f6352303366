package dev.phistream.config;

import dev.phistream.event.Tier;
import dev.phistream.image.ImageFormat;
import dev.phistream.image.JpegLibrary;
import dev.phistream.trial.Trial;
import dev.phistream.wire.InputFormat;
import dev.phistream.wire.OutputFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Every setting of the processor: immutable, typed and valid as far as that can be said without
 * models, devices or a broker. {@link SettingsLoader} makes it. A name such as {@code
 * window.events} stands for itself in files and options and is {@code PHISTREAM_WINDOW_EVENTS} in
 * the environment.
 *
 * @param provenance where each value came from, for messages
 */
public record Settings(
    @Section("Kafka")
        @Setting(
            byDefault = "localhost:9092",
            pattern = Settings.ADDRESS + "(\\s*,\\s*" + Settings.ADDRESS + ")*",
            form = "HOST:PORT, several with commas between",
            help = "The Kafka brokers to ask first; `--bootstrap` is short for it")
        String bootstrap,
    @Setting(
            byDefault = "phistream",
            pattern = Settings.ID,
            form = "1 to 200 letters, digits, '.', '_' and '-'",
            help =
                "Names the consumer group, the transactions and the changelog;"
                    + " [roles](split.md#topics-and-names) append to it")
        String applicationId,
    @Setting(
            pattern = Settings.ID,
            form = "1 to 200 letters, digits, '.', '_' and '-'",
            help =
                "Names this instance across restarts, so that it [gets its partitions"
                    + " back](operations.md#rolling-restarts)")
        Optional<String> instanceId,
    @Setting(
            byDefault = "all",
            help =
                "What this process does, see [Scale variants apart](split.md); `--role` is short"
                    + " for it")
        Role role,
    @Setting(
            help =
                "The variants that a classifier serves; default: all variants of `models`."
                    + " `--variants` is short for it")
        Optional<List<String>> variants,
    @SettingGroup Topics topics,
    @SettingGroup RouterSettings router,
    @SettingGroup Input input,
    @SettingGroup Output output,
    @SettingGroup SchemaRegistry schemaRegistry,
    @Setting(
            byDefault = "16MB",
            min = "1",
            max = "1000MB",
            help = "The longest record that is read or written")
        DataSize maxMessageBytes,
    @Setting(
            byDefault = "1",
            min = "1",
            max = "256",
            help = "Kafka Streams threads; they only hand events over, so one is mostly enough")
        int streamThreads,
    @Setting(
            byDefault = "20s",
            min = "0s",
            max = "24h",
            help = "How long events in flight may take to be answered when the processor stops")
        Duration drainTimeout,
    @Setting(
            help =
                "Settings of Kafka Streams and its clients, see [Kafka's own"
                    + " settings](#kafkas-own-settings)")
        KafkaSettings kafka,
    @Section("Models and tiers")
        @Setting(
            byDefault = "phi-11,phi-9,phi-7",
            help = "The models to serve, by id, alias or directory, one per variant")
        List<String> models,
    @Setting(
            defaultShown = "~/.phistream/models",
            help =
                "The directory in which ids are looked up before the bundled models, see"
                    + " [weights](models/weights.md)")
        Optional<Path> modelRepository,
    @SettingGroup ModelSwitching modelSwitch,
    @SettingGroup(
            key = "NAME",
            keyPattern = "[a-z0-9][a-z0-9-]{0,62}",
            keyForm = "a name of 1 to 63 lower-case letters, digits and hyphens")
        Map<String, TrialSettings> trials,
    @Setting(
            byDefault = "mxnet",
            words = {"mxnet", "onnxruntime"},
            help = "The engine that runs the models ([figures](performance/README.md))")
        String engine,
    @Setting(
            byDefault = "auto",
            pattern = "auto|cpu|gpu|gpu:\\d{1,3}(,gpu:\\d{1,3})*",
            form = "auto, cpu, gpu or gpu:N, such as gpu:0,gpu:1",
            help =
                "What the engine computes on: `auto` (all GPUs that the engine can use, else the"
                    + " CPU), `cpu`, `gpu` (all GPUs), `gpu:0`, or `gpu:0,gpu:1`; see [Run on a"
                    + " GPU](gpu.md)")
        List<String> device,
    @SettingGroup GpuLimits gpu,
    @SettingGroup Tiers tiers,
    @SettingGroup BrownoutSettings brownout,
    @Setting(
            byDefault = "5",
            min = "1",
            max = "100000",
            help = "Labels per event, unless the event asks for another number")
        int topK,
    @Section("Sizes") @SettingGroup Batch batch,
    @SettingGroup WatchdogSettings watchdog,
    @SettingGroup Window window,
    @Setting(
            defaultShown = "the cores",
            min = "1",
            max = "1024",
            help = "Models that run side by side on the CPU; each GPU has one worker")
        OptionalInt workers,
    @Setting(
            defaultShown = "the cores",
            min = "1",
            max = "1024",
            help = "Threads that decode images")
        OptionalInt decodeThreads,
    @SettingGroup Images images,
    @SettingGroup Metrics metrics,
    @Section(
            value = "Images outside events",
            text = "The processor follows no reference unless one of these settings allows it.")
        @SettingGroup
        References references,
    Provenance provenance) {
  /**
   * What fetching a reference may take beyond its time-out: it gives up by itself; this is for what
   * does not, such as a dead network drive.
   */
  public static final Duration FETCH_GRACE = Duration.ofMillis(500);

  private static final Duration CALL_LIMIT = Duration.ofSeconds(6);

  static final String ID = "[a-zA-Z0-9._-]{1,200}";
  static final String HOST = "(\\[[0-9a-fA-F:.%]+\\]|[^\\s,:/\\[\\]]+)";
  static final String PORT =
      "(6553[0-5]|655[0-2]\\d|65[0-4]\\d{2}|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})";
  static final String ADDRESS = HOST + ":" + PORT;
  static final String TOPIC = "(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}";
  static final String TOPIC_FORM = "a topic's name: 1 to 249 letters, digits, '.', '_' and '-'";
  static final String TEMPLATE = "(?!\\.{1,2}$)([a-zA-Z0-9._-]|\\{tier\\}|\\{variant\\}){1,200}";

  /** Returns settings with these values and defaults otherwise; reads no environment. */
  public static Settings of(Map<String, String> values) throws ConfigException {
    return new SettingsLoader().withValues(values).load();
  }

  /** Returns how long a device may stay in one call. */
  public Duration callLimit() {
    return watchdog.timeout().orElse(CALL_LIMIT);
  }

  /** Topics. */
  public record Topics(
      @Setting(
              byDefault = "images",
              pattern = TOPIC,
              form = TOPIC_FORM,
              help = "The topic that events are read from")
          String input,
      @Setting(
              byDefault = "labels.{tier}",
              pattern = TEMPLATE,
              form = TOPIC_FORM + "; {tier} and {variant} are filled in",
              help = "The topics that labels go to; `{tier}` and `{variant}` are filled in")
          String labels,
      @Setting(
              byDefault = "images.dead-letters",
              pattern = TOPIC,
              form = TOPIC_FORM,
              help = "The topic for events that cannot be classified")
          String deadLetters,
      @Setting(
              byDefault = "images.routed.{variant}",
              pattern = "(?=.*\\{variant\\})([a-zA-Z0-9._-]|\\{variant\\}){1,200}",
              form = "a topic's name with {variant} in it",
              help = "The topics that a router sends events to; `{variant}` is filled in")
          String routed,
      @Setting(
              byDefault = "labels.comparison",
              pattern = TOPIC,
              form = TOPIC_FORM,
              help =
                  "The topic for comparisons of [trials](models/trials.md); needed only if there"
                      + " are trials")
          String comparisons,
      @Setting(byDefault = "true", help = "Whether missing topics are created at start")
          boolean create,
      @Setting(
              byDefault = "4",
              min = "1",
              max = "10000",
              help =
                  "Partitions of an input topic that is created; output topics get as many as the"
                      + " input topic has")
          int partitions) {}

  /** What a router knows. */
  public record RouterSettings(
      @SettingGroup(key = "VARIANT")
          @Setting(
              min = "1ms",
              max = "1h",
              help =
                  "The usual time from arrival to answer, such as `40ms`; a router chooses variants"
                      + " for [latency budgets](split.md#budgets) by it")
          Map<String, Duration> expected) {}

  /** What comes in. */
  public record Input(
      @Setting(
              byDefault = "avro",
              help = "The wire format of events, see [integration](integration.md)")
          InputFormat format) {}

  /** What goes out. */
  public record Output(
      @Setting(byDefault = "avro", help = "The wire format of results") OutputFormat format) {}

  /** The schema registry. */
  public record SchemaRegistry(
      @Setting(
              pattern = "https?://\\S+",
              form = "an address such as http://registry:8080/apis/registry/v3",
              help =
                  "The registry for Avro schemas; without one, values are Avro single objects. The"
                      + " address may contain `USER:PASSWORD@`")
          Optional<String> url) {}

  /** Models that replace others while events are answered. */
  public record ModelSwitching(
      @Setting(
              byDefault = "5s",
              min = "0s",
              max = "24h",
              help =
                  "How often the processor checks whether an alias or a model's files have"
                      + " [changed](models/switching.md); `0s` for never")
          Duration poll,
      @Setting(byDefault = "false", help = "Whether a model may replace one that has other classes")
          boolean allowLabelChange) {}

  /** A second model that takes part in a variant's events. */
  public record TrialSettings(
      @Setting(
              help =
                  "How a second model [takes part](models/trials.md) in a variant's events: a"
                      + " `shadow` is only compared, a `canary` answers")
          Trial.Kind kind,
      @Setting(help = "The variant whose events the second model takes part in") String variant,
      @Setting(help = "The second model, by id, alias or directory") String model,
      @Setting(above = "0", max = "1", help = "Share of the variant's events, such as `0.05`")
          double share,
      @Setting(
              byDefault = "0",
              min = "0",
              max = "1",
              help =
                  "Share of a canary's events that the variant's own model classifies too, for"
                      + " comparison")
          double compareShare) {}

  /** How the engine uses GPUs. */
  public record GpuLimits(
      @Setting(
              min = "1MB",
              max = "1TB",
              help =
                  "The most memory that each model takes of each GPU for its tensors, such as"
                      + " `2GB`; engine `onnxruntime` only, and [slower](gpu.md#memory)")
          Optional<DataSize> memoryLimit,
      @Setting(
              byDefault = "false",
              help =
                  "Whether GPUs may round products to TensorFloat-32: faster, but logits are off by"
                      + " [up to 5.2e-3](gpu.md#precision); engine `onnxruntime` only")
          boolean tf32) {}

  /** What the tiers mean. */
  public record Tiers(
      @Setting(
              name = "default",
              byDefault = "balanced",
              words = {"latency", "balanced", "accuracy"},
              help = "The tier of events that ask for none")
          Tier defaultTier,
      @SettingGroup(defaults = {"max-delay=2ms", "objective=100ms"}) TierSettings latency,
      @SettingGroup(defaults = {"max-delay=10ms", "objective=1s"}) TierSettings balanced,
      @SettingGroup(defaults = "max-delay=50ms") TierSettings accuracy) {}

  /** What one tier means. */
  public record TierSettings(
      @Setting(
              help =
                  "The variants that may answer [the tier](tiers.md), the preferred one first;"
                      + " default: the fastest variant for latency, the middle one for balanced,"
                      + " the most accurate one for accuracy")
          Optional<List<String>> variants,
      @Setting(
              min = "0s",
              max = "1h",
              help = "How long an event may wait, from its arrival, for its micro-batch to fill")
          Duration maxDelay,
      @Setting(
              above = "0s",
              max = "1h",
              help =
                  "The wanted time from arrival to answer; [batches are sized and ordered by"
                      + " it](batching.md). Empty for none, which gives the highest throughput")
          Optional<Duration> objective,
      @Setting(
              byDefault = "false",
              help =
                  "Whether events become dead letters `overloaded` if no variant would answer"
                      + " [within the objective](tiers.md#shedding); needs an objective")
          boolean shed,
      @SettingGroup CascadeSettings cascade) {}

  /** A small variant that answers when it is sure. */
  public record CascadeSettings(
      @Setting(
              help =
                  "The variant that is asked first and answers when it is sure: a"
                      + " [cascade](models/cascade.md); without one there is no cascade")
          Optional<String> small,
      @Setting(
              byDefault = "0.9",
              min = "0",
              max = "1",
              help = "The confidence from which on the small variant answers")
          double threshold,
      @Setting(
              byDefault = "1",
              above = "0",
              max = "1000",
              help =
                  "The small variant's logits are divided by it for its confidence; `phistream"
                      + " calibrate` finds both")
          double temperature) {}

  /** When tiers step down their lists of variants. */
  public record BrownoutSettings(
      @Setting(
              byDefault = "true",
              help =
                  "Whether tiers that name several variants [step down](tiers.md#brownout) when"
                      + " they would miss their objective")
          boolean enabled,
      @Setting(
              byDefault = "5s",
              min = "1ms",
              max = "1h",
              help =
                  "The least time from any step to a step up, and the time over which late answers"
                      + " are counted")
          Duration period,
      @Setting(
              byDefault = "0.5",
              above = "0",
              max = "1",
              help =
                  "The part of the objective beyond computing that events may wait; when they are"
                      + " predicted to wait longer, the tier steps down")
          double waitShare,
      @Setting(
              byDefault = "0.01",
              above = "0",
              max = "1",
              help =
                  "The share of a period's answers (of at least a hundred) that may be later than"
                      + " the objective before the tier steps down")
          double lateShare) {}

  /** Micro-batches. */
  public record Batch(
      @Setting(
              byDefault = "8",
              min = "1",
              max = "4096",
              help =
                  "The most images in a micro-batch, on GPUs best a power of two; a tier's"
                      + " objective may [ask for fewer](batching.md)")
          int maxSize) {}

  /** What finds devices that hang. */
  public record WatchdogSettings(
      @Setting(
              min = "1ms",
              max = "24h",
              defaultShown = "6s",
              help =
                  "How long a device may stay in one call; see [Stuck"
                      + " devices](batching.md#stuck-devices)")
          Optional<Duration> timeout) {}

  /** The in-flight window of each partition. */
  public record Window(
      @Setting(
              byDefault = "32",
              min = "1",
              max = "1000000",
              help =
                  "The most events of a partition that are taken and not answered; all partitions"
                      + " together should have room for two batches per worker")
          int events,
      @Setting(
              byDefault = "64MB",
              min = "1",
              max = "1TB",
              help =
                  "The most bytes of all partitions of the instance together that are taken and not"
                      + " answered, with keys and headers; at most a quarter of the heap")
          DataSize bytes,
      @Setting(
              byDefault = "5m",
              min = "1s",
              max = "24h",
              help =
                  "How long the classifier may take for an event before the event becomes a dead"
                      + " letter `answer-timeout`; far more than it takes when it works")
          Duration answerTimeout) {}

  /** What images may be. */
  public record Images(
      @Setting(byDefault = "32MB", min = "1", max = "2047MB", help = "The largest encoded image")
          DataSize maxBytes,
      @Setting(
              byDefault = "100000000",
              min = "1",
              max = "715827879",
              help = "The most pixels, width times height; see [images](images.md#limits)")
          long maxPixels,
      @Setting(
              byDefault = "jpeg,png,gif,bmp,tiff,webp,ico,pnm",
              help =
                  "The formats that are decoded; `avif` and `heic` need"
                      + " [libheif](images.md#avif-and-heic)")
          List<ImageFormat> formats,
      @Setting(
              byDefault = "white",
              pattern = "white|black|gray|#[0-9a-fA-F]{6}",
              form = "white, black, gray or a colour such as #20ff00",
              help = "What shows through transparent pixels")
          String background,
      @Setting(
              min = "1ms",
              max = "1h",
              defaultShown = "4s",
              help =
                  "How long decoding an image may take before its event becomes a dead letter"
                      + " `decode-timeout`; less than `window.answer-timeout`")
          Optional<Duration> decodeTimeout,
      @Setting(
              min = "1MB",
              max = "1TB",
              defaultShown = "a quarter of the heap",
              help =
                  "What all decoders together may take of the heap, by what the images' headers"
                      + " say")
          Optional<DataSize> decodeMemory,
      @Setting(
              byDefault = "auto",
              help =
                  "What decodes JPEG files: `turbo` for the system's libjpeg-turbo, `jdk` for the"
                      + " JDK's reader, `auto` for libjpeg-turbo where the system has it; both give"
                      + " [the same pixels](performance/images.md#choose-the-jpeg-decoder)")
          JpegLibrary jpegDecoder,
      @Setting(
              byDefault = "false",
              help =
                  "Whether libjpeg-turbo decodes large JPEG images reduced, as long as the short"
                      + " edge stays at least twice what the network needs")
          boolean fastDecode) {}

  /** Where meters are shown, in Prometheus' text format. */
  public record Metrics(
      @Setting(
              min = "0",
              max = "65535",
              help =
                  "The port of `/metrics` with [counters and timers](tiers.md#watch-it) in"
                      + " Prometheus' text format; without a port there is no endpoint, and `0`"
                      + " takes a free one")
          OptionalInt port,
      @Setting(
              byDefault = "localhost",
              pattern = "\\S+",
              form = "a host name or address",
              help = "The address that the endpoint listens on")
          String host) {}

  /** Which references may be followed; by default none. */
  public record References(
      @Setting(
              pattern = HOST + "(:" + PORT + ")?(," + HOST + "(:" + PORT + ")?)*",
              form = "HOST for any port, or HOST:PORT, several with commas between",
              help =
                  "The hosts that images may be read from with http or https: `HOST` for any port,"
                      + " or `HOST:PORT`")
          Optional<List<String>> allowedHosts,
      @Setting(help = "The directories below which images may be read from files")
          Optional<List<Path>> allowedDirectories,
      @Setting(
              byDefault = "3s",
              min = "1ms",
              max = "1h",
              help = "How long reading one may take; less than `window.answer-timeout`")
          Duration timeout,
      @Setting(
              byDefault = "64",
              min = "1",
              max = "4096",
              help = "How many images are read side by side")
          int concurrency) {}
}
