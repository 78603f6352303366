package dev.phistream.faults;

import dev.phistream.event.Classification;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import dev.phistream.testkit.BrokerKit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** Reads the output topics under {@code read_committed} while a run goes on. */
final class OutcomeReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  /** Transactions of the killed are ended by the broker after 10 s, at its next look. */
  private static final Duration OPEN_TRANSACTIONS = Duration.ofSeconds(60);

  private final String bootstrap;
  private final FaultTopics topics;
  private final IntSupplier expected;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final Set<Place> answered = new HashSet<>();
  private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::read, "outcomes");
  private volatile boolean stopped;
  private long longestGapNanos;
  private volatile int distinct;

  /**
   * Begins to read.
   *
   * @param expected how many events have been sent by now; while that many are answered, no result
   *     is missing
   */
  OutcomeReader(String bootstrap, FaultTopics topics, IntSupplier expected) {
    this.bootstrap = bootstrap;
    this.topics = topics;
    this.expected = expected;
    thread.setDaemon(true);
    thread.start();
  }

  /** Events that have an outcome. */
  int answered() {
    return distinct;
  }

  /** The longest time without any result while events were waiting for theirs. */
  synchronized Duration longestGap() {
    return Duration.ofNanos(longestGapNanos);
  }

  /** What was read so far, in the order of each output partition. */
  synchronized Collection<Outcome> outcomes() {
    return List.copyOf(outcomes);
  }

  /** Waits until everything has been read that stands in the topics and whose fate is decided. */
  void finish() {
    Map<TopicPartition, Long> ends = ends();
    Awaitility.await("the end of the output topics")
        .atMost(OPEN_TRANSACTIONS)
        .until(
            () ->
                ends.entrySet().stream()
                    .allMatch(end -> positions.getOrDefault(end.getKey(), -1L) >= end.getValue()));
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<TopicPartition, Long> ends() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
      positions.keySet().forEach(partition -> specs.put(partition, OffsetSpec.latest()));
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(specs) // read_uncommitted: also behind open transactions
          .all()
          .get(30, TimeUnit.SECONDS)
          .forEach((partition, info) -> ends.put(partition, info.offset()));
      return ends;
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("ends of the output topics", e);
    }
  }

  private void read() {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                "false",
                "default.api.timeout.ms",
                "180000"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : topics.outputs()) {
        consumer
            .partitionsFor(topic)
            .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
      long progress = System.nanoTime();
      while (!stopped) {
        List<Outcome> batch = new ArrayList<>();
        consumer.poll(POLL).forEach(record -> batch.add(outcome(record)));
        partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
        progress = note(batch, progress);
      }
    }
  }

  private synchronized long note(List<Outcome> batch, long progress) {
    long now = System.nanoTime();
    longestGapNanos = Math.max(longestGapNanos, now - progress);
    outcomes.addAll(batch);
    batch.forEach(outcome -> answered.add(outcome.origin()));
    distinct = answered.size();
    return batch.isEmpty() && distinct < expected.getAsInt() ? progress : now;
  }

  private Outcome outcome(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(topics.deadLetters())) {
      Map<String, String> headers = BrokerKit.headers(record);
      return Outcome.deadLetter(
          new Place(
              Integer.parseInt(header(headers, "__streams.errors.partition")),
              Long.parseLong(header(headers, "__streams.errors.offset"))),
          header(headers, "phistream-error-code") + ": " + headers.get("__streams.errors.message"));
    }
    try {
      Classification label = SingleObjectCodec.classifications().decode(record.value());
      return Outcome.label(
          new Place(label.getOrigin().getPartition(), label.getOrigin().getOffset()),
          label.getEventId());
    } catch (UnreadableRecordException e) {
      // Foreign to the oracle: no event stands there.
      return Outcome.label(new Place(-1, record.offset()), "unreadable: " + e.getMessage());
    }
  }

  private static String header(Map<String, String> headers, String name) {
    return Objects.requireNonNull(headers.get(name), name);
  }
}
