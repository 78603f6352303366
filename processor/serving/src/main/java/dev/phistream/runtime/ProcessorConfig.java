package dev.phistream.runtime;

import dev.phistream.trial.Trial;
import dev.phistream.wire.InputFormat;
import dev.phistream.wire.OutputFormat;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Every setting of the processor, with its default. Names are given as in the file and with {@code
 * --set}; as an environment variable {@code window.events} is {@code PHISTREAM_WINDOW_EVENTS}.
 */
@ConfigMapping(prefix = ConfigLoader.PREFIX)
public interface ProcessorConfig {
  /** Names the consumer group, the transactions and the changelog. */
  @WithDefault("phistream")
  String applicationId();

  /**
   * Names this instance across restarts: one that is back within {@code kafka.session.timeout.ms}
   * gets its partitions back, and no others are moved.
   */
  Optional<String> instanceId();

  /** What this process does: all, router or classifier. */
  @WithDefault("all")
  Role role();

  /** The variants that a classifier serves, of those of the models; default: all. */
  Optional<List<String>> variants();

  /** What a router knows. */
  RouterSettings router();

  /** Kafka brokers to begin with, {@code HOST:PORT}, comma-separated. */
  @WithDefault("localhost:9092")
  String bootstrap();

  /** Topics. */
  Topics topics();

  /** What comes in. */
  Input input();

  /** What goes out. */
  Output output();

  /** Where schemas are kept; without one, values are self-describing Avro single objects. */
  SchemaRegistry schemaRegistry();

  /** Models to serve, by id or directory, one per variant; fastest first or in any order. */
  @WithDefault("phi-11,phi-9,phi-7")
  List<String> models();

  /** Where models are looked up before the bundled ones; default: {@code ~/.phistream/models}. */
  Optional<Path> modelRepository();

  /** Models that take the place of others while events are answered. */
  ModelSwitching modelSwitch();

  /** Second models that take part in variants' events, by the names of the trials. */
  Map<String, TrialConfig> trials();

  /** The engine that runs the models. */
  @WithDefault("mxnet")
  String engine();

  /** What it computes on: auto, cpu, gpu, or gpu:N, several of these with commas between. */
  @WithDefault("auto")
  List<String> device();

  /** What GPUs give. */
  Gpu gpu();

  /** What the tiers mean. */
  Tiers tiers();

  /** When tiers step down their lists of variants. */
  Brownout brownout();

  /** Micro-batches. */
  Batch batch();

  /** What finds devices that hang. */
  Watchdog watchdog();

  /** What may be in flight. */
  Window window();

  /** Where meters are shown. */
  Metrics metrics();

  /** Labels per event, unless the event says otherwise. */
  @WithDefault("5")
  int topK();

  /** What images may be. */
  Images images();

  /** Which references to images outside events may be followed. */
  References references();

  /** Kafka Streams threads; they only hand events over, so one is enough for most. */
  @WithDefault("1")
  int streamThreads();

  /** Models run side by side on the CPU; default: the cores. GPUs have one worker each. */
  OptionalInt workers();

  /** Threads that decode images; default: the cores. */
  OptionalInt decodeThreads();

  /** The longest record in or out. */
  @WithDefault("16MB")
  DataSize maxMessageBytes();

  /** How long events in flight may take to be answered when the processor is told to stop. */
  @WithDefault("20s")
  Duration drainTimeout();

  /** Handed to Kafka Streams and its clients as they are. */
  Map<String, String> kafka();

  /** Topics. */
  interface Topics {
    /** Where events come from. */
    @WithDefault("images")
    String input();

    /** Where labels go; {@code {tier}} and {@code {variant}} are filled in. */
    @WithDefault("labels.{tier}")
    String labels();

    /** Where events go that cannot be classified. */
    @WithDefault("images.dead-letters")
    String deadLetters();

    /** Where a router sends events; {@code {variant}} is filled in. */
    @WithDefault("images.routed.{variant}")
    String routed();

    /** Where comparisons of trials go; needed only if there are trials. */
    @WithDefault("labels.comparison")
    String comparisons();

    /** Whether missing topics are created at start. */
    @WithDefault("true")
    boolean create();

    /** Partitions of an input topic that is created; output topics get as many as the input has. */
    @WithDefault("4")
    int partitions();
  }

  /** What a router knows. */
  interface RouterSettings {
    /** Time from arrival to answer that is usual, by variant; for latency budgets. */
    Map<String, Duration> expected();
  }

  /** What comes in. */
  interface Input {
    /** Wire format of events. */
    @WithDefault("avro")
    InputFormat format();
  }

  /** What goes out. */
  interface Output {
    /** Wire format of results. */
    @WithDefault("avro")
    OutputFormat format();
  }

  /** The schema registry. */
  interface SchemaRegistry {
    /** Its address, such as {@code http://registry:8080/apis/registry/v3}. */
    Optional<String> url();
  }

  /** What GPUs give. */
  interface Gpu {
    /**
     * Most memory that each model takes of each GPU for its tensors; only engine onnxruntime can
     * keep to it.
     */
    Optional<DataSize> memoryLimit();

    /**
     * Whether products may be rounded to TensorFloat-32: faster, and logits are off by some 5e-3;
     * only engine onnxruntime has the choice.
     */
    @WithDefault("false")
    boolean tf32();
  }

  /** What the tiers mean. */
  interface Tiers {
    /** What an event gets that does not ask for a tier: latency, balanced or accuracy. */
    @WithName("default")
    @WithDefault("balanced")
    String defaultTier();

    /** Answers soon. */
    Latency latency();

    /** Between the two. */
    Balanced balanced();

    /** Answers right. */
    Accuracy accuracy();

    /** What any tier has. */
    interface TierConfig {
      /** The variants that may answer, the wanted one first. */
      Optional<List<String>> variants();

      /** How long an event may wait, from arrival, for its micro-batch to fill. */
      Duration maxDelay();

      /** Time from arrival to answer that is wanted; without one, throughput counts. */
      Optional<Duration> objective();

      /** Whether events become dead letters that no variant would answer within the objective. */
      @WithDefault("false")
      boolean shed();

      /** Who may answer in place of the tier's variant. */
      Cascade cascade();
    }

    /** A small variant that answers when it is sure. */
    interface Cascade {
      /** The variant that is asked first; without one, there is no cascade. */
      Optional<String> small();

      /** The confidence from which on it answers, 0 to 1. */
      @WithDefault("0.9")
      double threshold();

      /** Its logits are divided by this before softmax, for its confidence. */
      @WithDefault("1")
      double temperature();
    }

    /** The latency tier. */
    interface Latency extends TierConfig {
      @Override
      @WithDefault("2ms")
      Duration maxDelay();

      @Override
      @WithDefault("100ms")
      Optional<Duration> objective();
    }

    /** The balanced tier. */
    interface Balanced extends TierConfig {
      @Override
      @WithDefault("10ms")
      Duration maxDelay();

      @Override
      @WithDefault("1s")
      Optional<Duration> objective();
    }

    /** The accuracy tier. */
    interface Accuracy extends TierConfig {
      @Override
      @WithDefault("50ms")
      Duration maxDelay();
    }
  }

  /** When tiers step down their lists of variants. */
  interface Brownout {
    /** Whether they do. */
    @WithDefault("true")
    boolean enabled();

    /** Least time from any step to a step up. */
    @WithDefault("5s")
    Duration period();

    /** Part of what computing leaves of the objective; predicted to wait longer, a tier steps. */
    @WithDefault("0.5")
    double waiting();

    /** Share of a period's answers that may be later than the objective. */
    @WithDefault("0.01")
    double late();
  }

  /** What finds devices that hang. */
  interface Watchdog {
    /**
     * How long a device may stay in one call; slow models get twenty times what is expected if that
     * is more. Default: 6 s.
     */
    Optional<Duration> timeout();
  }

  /** Micro-batches. */
  interface Batch {
    /** Most images in one. */
    @WithDefault("8")
    int maxSize();
  }

  /** How much may be taken and not answered. */
  interface Window {
    /**
     * Most events of a partition; all partitions together should have room for two batches per
     * worker.
     */
    @WithDefault("32")
    int events();

    /** Most bytes of all partitions of this instance together, with keys and headers. */
    @WithDefault("64MB")
    DataSize bytes();

    /**
     * How long the classifier may take for an event before the event becomes a dead letter; far
     * more than it takes when it works.
     */
    @WithDefault("5m")
    Duration answerTimeout();
  }

  /** Where meters are shown, in Prometheus' text format. */
  interface Metrics {
    /** Port of {@code /metrics}; without one, there is none. */
    OptionalInt port();

    /** The address that it listens on. */
    @WithDefault("localhost")
    String host();
  }

  /** What images may be. */
  interface Images {
    /** Largest encoded image. */
    @WithDefault("32MB")
    DataSize maxBytes();

    /** Most pixels, width times height. */
    @WithDefault("100000000")
    long maxPixels();

    /**
     * How long decoding an image may take; then the event becomes a dead letter with code
     * decode-timeout. Default: 4 s.
     */
    Optional<Duration> decodeTimeout();

    /** What all decoders together may take of the heap; default: a quarter of it. */
    Optional<DataSize> decodeMemory();
  }

  /** Models that take the place of others while events are answered. */
  interface ModelSwitching {
    /** How often the models' names and files are looked at; 0s for never. */
    @WithDefault("5s")
    Duration poll();

    /** Whether a model with other classes than the one before may take its place. */
    @WithDefault("false")
    boolean otherLabels();
  }

  /** A second model that takes part in a variant's events. */
  interface TrialConfig {
    /** Whether it answers beside the variant's own model (shadow) or in its place (canary). */
    Trial.Kind kind();

    /** The variant whose events it takes part in. */
    String variant();

    /** The model, by id, alias or directory. */
    String model();

    /** Share of the variant's events. */
    double share();

    /** Share of a canary's events for which the variant's own model is asked, too. */
    @WithDefault("0")
    double compared();
  }

  /** Which references may be followed; by default none. */
  interface References {
    /** Hosts that images may be read from with http or https: HOST for any port, or HOST:PORT. */
    Optional<List<String>> allowedHosts();

    /** Directories below which images may be read from files. */
    Optional<List<Path>> allowedDirectories();

    /** How long reading one may take. */
    @WithDefault("3s")
    Duration timeout();

    /** How many are read side by side. */
    @WithDefault("64")
    int concurrency();
  }
}
