package dev.phistream.replay;

import dev.phistream.client.TopicReader;
import dev.phistream.event.Classification;
import dev.phistream.event.Label;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.schema.UnreadableRecordException;
import dev.phistream.wire.EventRecord;
import dev.phistream.wire.ResultReader;
import dev.phistream.wire.SchemaRegistryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The first labels that earlier results gave the events of a range, by where the events stand:
 * eight bytes of memory for each offset of the range. Filled by one thread, then read by any.
 */
final class PreviousResults implements EventFilter, Comparison, AutoCloseable {
  private static final int BYTES_PER_OFFSET = Float.BYTES + Integer.BYTES;
  private static final int HEAP_SHARE = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TAB = "\t";

  /** What an earlier result said. */
  private record Earlier(String label, float score) {}

  private record Partition(PartitionRange range, float[] scores, int[] labels) {
    int index(long offset) {
      return offset < range.start() || offset >= range.end() ? -1 : (int) (offset - range.start());
    }
  }

  private final ReplayPlan plan;
  private final Selection.Previous wanted;
  private final ResultReader reader;
  private final Map<Integer, Partition> partitions = new HashMap<>();
  private final List<String> labels = new ArrayList<>();
  private final Map<String, Integer> labelNumbers = new HashMap<>();
  private long found;
  private long foreign;
  private long unreadable;

  private PreviousResults(ReplayPlan plan, Selection.Previous wanted, ResultReader reader) {
    this.plan = plan;
    this.wanted = wanted;
    this.reader = reader;
    for (PartitionRange range : plan.ranges()) {
      int size = (int) range.offsets();
      float[] scores = new float[size];
      Arrays.fill(scores, Float.NaN);
      partitions.put(range.partition(), new Partition(range, scores, new int[size]));
    }
  }

  /**
   * Where topics of results end now, by topic and partition.
   *
   * @throws ClusterException when Kafka does not answer or one is missing
   */
  static Map<String, List<Long>> ends(KafkaConnection kafka, List<String> topics)
      throws ClusterException {
    Map<String, List<Long>> ends = new TreeMap<>();
    for (String topic : topics) {
      kafka.requireTopic(topic);
    }
    Map<String, List<TopicPartition>> partitions = kafka.partitions(topics);
    try (Consumer<byte[], byte[]> consumer = kafka.consumer()) {
      for (Map.Entry<String, List<TopicPartition>> topic : partitions.entrySet()) {
        Map<TopicPartition, Long> offsets = consumer.endOffsets(topic.getValue());
        List<Long> inOrder = new ArrayList<>();
        for (int i = 0; i < topic.getValue().size(); i++) {
          inOrder.add(offsets.getOrDefault(new TopicPartition(topic.getKey(), i), 0L));
        }
        ends.put(topic.getKey(), inOrder);
      }
    } catch (KafkaException e) {
      throw new ClusterException(
          "Kafka at %s: ends of %s: %s".formatted(kafka.bootstrap(), topics, e.getMessage()), e);
    }
    return ends;
  }

  /**
   * Reads the results that the plan names, as far as they stood when it was made.
   *
   * @param registryUrl address of a schema registry, or null
   * @param heapBytes memory of this process; a quarter of it may be used
   * @throws ReplayException when the range needs more memory
   * @throws ClusterException when Kafka does not answer
   */
  static PreviousResults read(
      ReplayPlan plan,
      Selection.Previous wanted,
      KafkaConnection kafka,
      @Nullable String registryUrl,
      long heapBytes)
      throws ReplayException, ClusterException {
    checkMemory(plan, heapBytes);
    PreviousResults results = new PreviousResults(plan, wanted, new ResultReader(registryUrl));
    try (TopicReader topics = TopicReader.open(kafka, wanted.topics())) {
      topics.readToEnd(
          PATIENCE,
          record -> {
            results.take(record);
            return true;
          });
    }
    return results;
  }

  static void checkMemory(ReplayPlan plan, long heapBytes) throws ReplayException {
    long most = heapBytes / HEAP_SHARE / BYTES_PER_OFFSET;
    if (plan.offsets() > most) {
      throw new ReplayException(
          "earlier results: %d offsets in the range (expected: at most %d, a quarter of the heap at %d bytes each); raise -Xmx through JAVA_OPTS, or replay a shorter range"
              .formatted(plan.offsets(), most, BYTES_PER_OFFSET));
    }
    for (PartitionRange range : plan.ranges()) {
      if (range.offsets() > Integer.MAX_VALUE - 8) {
        throw new ReplayException(
            "earlier results: %d offsets of partition %d in the range (expected: fewer than 2^31); replay a shorter range"
                .formatted(range.offsets(), range.partition()));
      }
    }
  }

  /** In words, what was found. */
  String summary() {
    return "earlier results: %d of events in the range, %d of others, %d unreadable"
        .formatted(found, foreign, unreadable);
  }

  @Override
  public @Nullable String reasonToSkip(EventRecord event) {
    if (!wanted.selects()) {
      return null;
    }
    Earlier earlier = earlier(event.partition(), event.offset());
    if (earlier == null) {
      return wanted.withoutResult() ? null : "no-previous-result";
    }
    Double below = wanted.below();
    if (below != null && earlier.score() >= below) {
      return "previous-score";
    }
    return wanted.labels().isEmpty() || wanted.labels().contains(earlier.label())
        ? null
        : "previous-label";
  }

  @Override
  public @Nullable String count(byte[] result) {
    Classification now;
    try {
      now = reader.read(result);
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("a result of our own is unreadable", e);
    }
    Earlier before = earlier(now.getOrigin().getPartition(), now.getOrigin().getOffset());
    if (before == null || now.getLabels().isEmpty()) {
      return null;
    }
    String label = now.getLabels().get(0).getLabel();
    return label.equals(before.label())
        ? Counts.SAME_LABEL
        : Counts.CHANGED + before.label().replace(TAB, " ") + TAB + label;
  }

  @Override
  public void close() {
    reader.close();
  }

  private @Nullable Earlier earlier(int partition, long offset) {
    Partition known = partitions.get(partition);
    int index = known == null ? -1 : known.index(offset);
    if (known == null || index < 0 || Float.isNaN(known.scores()[index])) {
      return null;
    }
    return new Earlier(labels.get(known.labels()[index]), known.scores()[index]);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws ClusterException {
    List<Long> ends = plan.previousEnds().getOrDefault(record.topic(), List.of());
    if (record.partition() >= ends.size() || record.offset() >= ends.get(record.partition())) {
      return; // came after the plan, which all instances share
    }
    try {
      take(reader.read(record.value()));
    } catch (UnreadableRecordException e) {
      unreadable++;
    } catch (SchemaRegistryException e) {
      throw new ClusterException(
          "%s-%d@%d: %s"
              .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()),
          e);
    }
  }

  private void take(Classification result) {
    Partition partition = partitions.get(result.getOrigin().getPartition());
    int index = partition == null ? -1 : partition.index(result.getOrigin().getOffset());
    if (partition == null
        || index < 0
        || result.getLabels().isEmpty()
        || !result.getOrigin().getTopic().equals(plan.topic())) {
      foreign++;
      return;
    }
    Label first = result.getLabels().get(0);
    partition.scores()[index] = first.getScore();
    partition.labels()[index] = number(first.getLabel());
    found++;
  }

  private int number(String label) {
    return labelNumbers.computeIfAbsent(
        label,
        l -> {
          labels.add(l);
          return labels.size() - 1;
        });
  }
}
