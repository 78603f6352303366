package dev.phistream.bench;

import dev.phistream.client.TopicReader;
import dev.phistream.event.Classification;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Sees results when they can be read, on a thread of its own. An event is known by its key.
 * Thread-safe.
 */
final class ResultWatch implements AutoCloseable {
  private static final Duration STOP_INTERVAL = Duration.ofMillis(200);

  private final Map<String, CompletableFuture<Seen>> expected = new ConcurrentHashMap<>();
  private final Consumer<Seen> others;
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * A result.
   *
   * @param nanos when it was seen, by {@link System#nanoTime}
   */
  record Seen(long nanos, Classification result) {}

  private ResultWatch(TopicReader reader, Consumer<Seen> others) {
    this.others = others;
    this.thread = new Thread(() -> watch(reader), "results");
    this.thread.setDaemon(true);
  }

  /**
   * Starts watching.
   *
   * @param topics exist
   * @param others is told on the watching thread of results that nobody expects
   */
  static ResultWatch start(KafkaConnection kafka, Collection<String> topics, Consumer<Seen> others)
      throws BenchException {
    try {
      ResultWatch watch = new ResultWatch(TopicReader.open(kafka, topics), others);
      watch.thread.start();
      return watch;
    } catch (ClusterException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Completes when the event's result is seen; to be called before it is sent. */
  CompletableFuture<Seen> expect(String id) {
    return expected.computeIfAbsent(id, key -> new CompletableFuture<>());
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(TopicReader reader) {
    try (reader) {
      while (!stopped) {
        reader.readFor(STOP_INTERVAL, this::take);
      }
    } catch (ClusterException | RuntimeException e) {
      expected.values().forEach(future -> future.completeExceptionally(e));
    }
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record) {
    Seen seen = new Seen(System.nanoTime(), ResultCount.classification(record));
    CompletableFuture<Seen> waiting =
        expected.remove(new String(record.key(), StandardCharsets.UTF_8));
    if (waiting == null) {
      others.accept(seen);
    } else {
      waiting.complete(seen);
    }
    return !stopped;
  }
}
