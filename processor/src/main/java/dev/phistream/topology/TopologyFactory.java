package dev.phistream.topology;

import java.security.SecureRandom;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * Builds the topology: events from the input topic through the classifying processor to labels and
 * dead letters. Keys and values are bytes all the way; what they mean is the reader's and the
 * writer's business.
 */
public final class TopologyFactory {
  /** Name of the in-flight ledger's state store. */
  public static final String LEDGER_STORE = "in-flight-ledger";

  static final String LABELS_SINK = "labels";
  static final String DEAD_LETTERS_SINK = "dead-letters";
  private static final String SOURCE = "images";
  private static final String PROCESSOR = "classify";

  private TopologyFactory() {}

  /**
   * Builds it.
   *
   * @param changelogConfig topic settings of the ledger's changelog; {@code max.message.bytes} must
   *     not be below the input topic's
   */
  public static Topology topology(ClassifyParts parts, Map<String, String> changelogConfig) {
    TopicNames topics = parts.topics();
    LedgerStores ledgers = new LedgerStores(LEDGER_STORE);
    SecureRandom owners = new SecureRandom();
    return new Topology()
        .addSource(SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.input())
        .addProcessor(
            PROCESSOR,
            () ->
                new ClassifyProcessor(
                    parts, new TraceContext(new SplittableRandom()), ledgers, owners::nextLong),
            SOURCE)
        .addStateStore(
            Stores.keyValueStoreBuilder(ledgers, new SlotKeySerde(), new PendingEventSerde())
                .withCachingEnabled()
                .withLoggingEnabled(changelogConfig),
            PROCESSOR)
        .addSink(
            LABELS_SINK,
            new LabelsTopic(topics),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            PROCESSOR)
        .addSink(
            DEAD_LETTERS_SINK,
            topics.deadLetters(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            PROCESSOR);
  }
}
