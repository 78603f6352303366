package dev.phistream.runtime;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.event.Classification;
import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.topology.TopologyExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Records through processors in this process, and what became of each, by its place. */
final class RecordFlow implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] IMAGE = EncodedImages.jpeg(40, 40, 1);

  private final BrokerKit kafka;
  private final String name;
  private final Path models;
  private final Map<String, List<Outcome>> outcomes = new TreeMap<>();
  private BrokerKit.@Nullable Follower follower;

  /**
   * Names topics and a group.
   *
   * @param models where the model {@code small} is
   */
  RecordFlow(BrokerKit kafka, String name, Path models) {
    this.kafka = kafka;
    this.name = kafka.unique(name);
    this.models = models;
  }

  /**
   * What became of a record.
   *
   * @param code {@link #LABEL}, or the code of a dead letter
   * @param topic where it stands
   * @param partition where it stands
   * @param valueBytes of its value, -1 for none
   * @param headers of those with one name the last
   * @param result the classification, or null for a dead letter
   */
  record Outcome(
      String code,
      String topic,
      int partition,
      int valueBytes,
      Map<String, String> headers,
      @Nullable Classification result) {
    static final String LABEL = "label";
  }

  /** The input topic, and the group. */
  String name() {
    return name;
  }

  void createTopics(int partitions, Map<String, String> inputSettings) {
    Map<String, String> input = new HashMap<>(inputSettings);
    // A clock that is wrong by hours must get as far as the processor.
    input.put("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
    kafka.createTopics(partitions, input, name);
    kafka.createTopics(partitions, labels());
  }

  StreamProcessor start(Map<String, String> special, @Nullable ProcessorOverrides overrides)
      throws Exception {
    StreamProcessor processor = StreamProcessor.start(config(special), overrides);
    processor.running().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return processor;
  }

  private Settings config(Map<String, String> special) throws ConfigException {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap", kafka.bootstrap());
    settings.put("application-id", name);
    settings.put("model-repository", models.toString());
    settings.put("models", "small");
    settings.put("topics.input", name);
    settings.put("topics.labels", labels());
    settings.put("topics.dead-letters", deadLetters());
    settings.put("topics.routed", name + "-{variant}");
    settings.putAll(special);
    return Settings.of(settings);
  }

  /** Overrides of nothing, to be changed in one respect. */
  static ProcessorOverrides overrides(
      UnaryOperator<dev.phistream.wire.EventReader> reader,
      UnaryOperator<dev.phistream.pipeline.ImageClassifier> classifier,
      ProcessorSupplier<byte[], byte[], byte[], byte[]> labelled) {
    return new ProcessorOverrides(
        any ->
            new TopologyExtension(
                () -> passing(TopologyExtension.CLASSIFIER), labelled, () -> passing(null), "none"),
        reader,
        classifier,
        WindowedConsumer::new);
  }

  /** A processor that forwards what it gets, to one child or to all. */
  static Processor<byte[], byte[], byte[], byte[]> passing(@Nullable String child) {
    return new ContextualProcessor<>() {
      @Override
      public void process(Record<byte[], byte[]> record) {
        if (child == null) {
          context().forward(record);
        } else {
          context().forward(record, child);
        }
      }
    };
  }

  String labels() {
    return name + "-labels";
  }

  String deadLetters() {
    return name + "-dead-letters";
  }

  /** An event in order. */
  ProducerRecord<byte[], byte[]> good(int partition, String id) {
    return new ProducerRecord<>(name, partition, null, event(id, null));
  }

  static byte[] event(String id, @Nullable String variant) {
    return SingleObjectCodec.imageEvents()
        .encode(
            ImageEvents.builder(id, "test", Instant.EPOCH, IMAGE)
                .setTier(Tier.BALANCED)
                .setVariant(variant)
                .build());
  }

  /** Waits until so many outcomes are there, and returns them by {@code partition@offset}. */
  Map<String, List<Outcome>> await(int count, Duration limit) {
    Awaitility.await(count + " outcomes")
        .atMost(limit)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> count() >= count);
    return outcomes();
  }

  /** How many outcomes there are now. */
  int count() {
    return outcomes().values().stream().mapToInt(List::size).sum();
  }

  /** The outcomes that there are now, by {@code partition@offset} of the record. */
  Map<String, List<Outcome>> outcomes() {
    if (follower == null) {
      follower = kafka.follow(labels(), deadLetters());
    }
    for (ConsumerRecord<byte[], byte[]> record : follower.next()) {
      Map<String, String> headers = BrokerKit.headers(record);
      boolean labelled = record.topic().equals(labels());
      Classification result = labelled ? read(record) : null;
      String place =
          result != null
              ? result.getOrigin().getPartition() + "@" + result.getOrigin().getOffset()
              : headers.get("__streams.errors.partition")
                  + "@"
                  + headers.get("__streams.errors.offset");
      outcomes
          .computeIfAbsent(place, any -> new ArrayList<>())
          .add(
              new Outcome(
                  labelled ? Outcome.LABEL : headers.getOrDefault("phistream-error-code", ""),
                  record.topic(),
                  record.partition(),
                  record.serializedValueSize(),
                  headers,
                  result));
    }
    return outcomes;
  }

  @Override
  public void close() {
    if (follower != null) {
      follower.close();
    }
  }

  static Classification read(ConsumerRecord<byte[], byte[]> result) {
    try {
      return SingleObjectCodec.classifications().decode(result.value());
    } catch (UnreadableRecordException e) {
      throw new AssertionError("a result that is none", e);
    }
  }
}
