package dev.phistream.replay;

import dev.phistream.client.TopicReader;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notices of one replay in the topic that all replays write to; it keeps them for ever, and the
 * order of its one partition decides who was first. Confined to one thread.
 */
final class Journal implements AutoCloseable {
  /** The topic. */
  static final String TOPIC = "phistream.replays";

  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaConnection kafka;
  private final String name;
  private final TopicReader reader;
  private final ReplayState state = new ReplayState();

  private Journal(KafkaConnection kafka, String name, TopicReader reader) {
    this.kafka = kafka;
    this.name = name;
    this.reader = reader;
  }

  /**
   * Reads what there is about a replay.
   *
   * @param name the replay's
   * @throws ClusterException when Kafka does not answer, or without a journal
   */
  static Journal open(KafkaConnection kafka, String name) throws ClusterException {
    Journal journal = new Journal(kafka, name, TopicReader.open(kafka, List.of(TOPIC)));
    boolean read = false;
    try {
      journal.reader.readToEnd(PATIENCE, journal::take);
      read = true;
      return journal;
    } finally {
      if (!read) {
        journal.close();
      }
    }
  }

  /** What is known by now. */
  ReplayState state() {
    return state;
  }

  /** Reads what came since, for as long as given. */
  ReplayState follow(Duration time) throws ClusterException {
    reader.readFor(time, this::take);
    return state;
  }

  /** Offers a plan; another instance's may have come first. */
  ReplayPlan propose(ReplayPlan plan) throws ClusterException {
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      var unused =
          producer
              .send(new ProducerRecord<>(TOPIC, key(name), new JournalRecord.Planned(plan).bytes()))
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ClusterException(
          "topic %s on %s: not acknowledged: %s"
              .formatted(TOPIC, kafka.bootstrap(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while writing to " + TOPIC, e);
    }
    long given = System.nanoTime();
    ReplayPlan agreed;
    do {
      agreed = follow(Duration.ofMillis(50)).plan();
    } while ((agreed == null || agreed.generation() < plan.generation())
        && System.nanoTime() - given < PATIENCE.toNanos());
    if (agreed == null) {
      throw new ClusterException(
          "topic %s on %s: what was written cannot be read".formatted(TOPIC, kafka.bootstrap()));
    }
    return agreed;
  }

  /** The key of a replay's records. */
  static byte[] key(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    reader.close();
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() != null
        && record.value() != null
        && new String(record.key(), StandardCharsets.UTF_8).equals(name)) {
      try {
        state.take(JournalRecord.read(record.value()));
      } catch (IOException e) {
        log.warn("{}@{} is no record of a replay: {}", TOPIC, record.offset(), e.getMessage());
      }
    }
    return true;
  }
}
