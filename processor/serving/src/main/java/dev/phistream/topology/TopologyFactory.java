package dev.phistream.topology;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
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
  static final String COMPARISONS_SINK = "comparisons";
  static final String PROCESSOR = "classify";
  private static final String SOURCE = "images";
  private static final String ROUTER = "route";
  private static final String GATE = "gate";
  private static final String FRAMED = "-out";

  private TopologyFactory() {}

  /**
   * Builds it.
   *
   * @param changelogConfig topic settings of the ledger's changelog; {@code max.message.bytes} must
   *     not be below the input topic's
   */
  public static Topology topology(ClassifyParts parts, Map<String, String> changelogConfig) {
    Topology topology = source(parts.topics());
    classifier(topology, parts, changelogConfig, SOURCE);
    sinks(topology, parts.topics(), LABELS_SINK, PROCESSOR, DEAD_LETTERS_SINK, PROCESSOR);
    return topology;
  }

  /** The same within a extension. */
  public static Topology topology(
      ClassifyParts parts, Map<String, String> changelogConfig, TopologyExtension extension) {
    Topology topology = source(parts.topics()).addProcessor(GATE, extension.gate(), SOURCE);
    classifier(topology, parts, changelogConfig, GATE);
    topology
        .addSink(
            TopologyExtension.NOTICES,
            extension.noticesTopic(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            GATE)
        // In the sinks' places, so that the classifying processor need not know.
        .addProcessor(LABELS_SINK, extension.labelled(), PROCESSOR)
        .addProcessor(DEAD_LETTERS_SINK, extension.deadLettered(), PROCESSOR);
    sinks(
        topology,
        parts.topics(),
        LABELS_SINK + FRAMED,
        LABELS_SINK,
        DEAD_LETTERS_SINK + FRAMED,
        DEAD_LETTERS_SINK);
    return topology;
  }

  /** Builds the topology of a router: events from the input topic to those of their variants. */
  public static Topology router(RouteParts parts) {
    Topology topology =
        source(parts.topics()).addProcessor(ROUTER, () -> new RouteProcessor(parts), SOURCE);
    for (String variant : parts.variants()) {
      topology.addSink(
          routedSink(variant),
          parts.topics().routed(variant),
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          OutcomePartition.ofRouted(),
          ROUTER);
    }
    return topology.addSink(
        DEAD_LETTERS_SINK,
        parts.topics().deadLetters(),
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        OutcomePartition.ofDeadLetters(),
        ROUTER);
  }

  /** Name of the sink of a variant's events. */
  static String routedSink(String variant) {
    return "to-" + variant;
  }

  private static Topology source(TopicNames topics) {
    return new Topology()
        .addSource(
            (AutoOffsetReset) null, // as configured
            SOURCE,
            new EventTimestamps(Clock.systemUTC()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            topics.input());
  }

  private static void classifier(
      Topology topology, ClassifyParts parts, Map<String, String> changelogConfig, String parent) {
    LedgerStores ledgers = new LedgerStores(LEDGER_STORE);
    SecureRandom owners = new SecureRandom();
    ThreadLocal<UrgentCommits> commits = ThreadLocal.withInitial(UrgentCommits::new);
    topology
        .addProcessor(
            PROCESSOR,
            () ->
                new ClassifyProcessor(
                    parts,
                    new TraceContext(new SplittableRandom()),
                    ledgers,
                    owners::nextLong,
                    commits::get),
            parent)
        .addStateStore(
            Stores.keyValueStoreBuilder(ledgers, new SlotKeySerde(), new PendingEventSerde())
                .withCachingEnabled()
                .withLoggingEnabled(changelogConfig),
            PROCESSOR);
    if (!parts.trials().isEmpty()) {
      topology.addSink(
          COMPARISONS_SINK,
          parts.topics().comparisons(),
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          OutcomePartition.ofResults(),
          PROCESSOR);
    }
  }

  private static void sinks(
      Topology topology,
      TopicNames topics,
      String labels,
      String labelsParent,
      String deadLetters,
      String deadLettersParent) {
    topology
        .addSink(
            labels,
            new LabelsTopic(topics),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            OutcomePartition.ofResults(),
            labelsParent)
        .addSink(
            deadLetters,
            topics.deadLetters(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            OutcomePartition.ofDeadLetters(),
            deadLettersParent);
  }
}
