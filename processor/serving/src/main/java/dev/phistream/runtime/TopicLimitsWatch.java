package dev.phistream.runtime;

import dev.phistream.config.DataSize;
import dev.phistream.config.Settings;
import dev.phistream.kafka.ClusterException;
import dev.phistream.topology.OutputLimits;
import dev.phistream.topology.TopicLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows what the output topics take: read at start, again every ten seconds, and at once when a
 * broker has refused a record. Thread-safe.
 */
final class TopicLimitsWatch implements OutputLimits, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicLimitsWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(1);

  /** A last-resort dead letter, and a result with some headers. */
  private static final int LEAST_BYTES = 16 * 1024;

  /** Kafka's defaults, for topics that nobody named. */
  private static final TopicLimits UNKNOWN =
      new TopicLimits(1024 * 1024, Long.MAX_VALUE, Duration.ofHours(1).toMillis());

  private final TopicAdmin admin;
  private final Set<String> topics;
  private final int producerBytes;
  private final Map<String, TopicLimits> limits = new ConcurrentHashMap<>();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "topic-limits");
            daemon.setDaemon(true);
            return daemon;
          });

  private TopicLimitsWatch(TopicAdmin admin, Set<String> topics, int producerBytes) {
    this.admin = admin;
    this.topics = topics;
    this.producerBytes = producerBytes;
  }

  /**
   * Reads the limits and begins to watch them.
   *
   * @param topics to which outcomes go
   * @param producerBytes the longest record that the producer sends
   * @throws ClusterException when Kafka does not answer, or a topic does not even take the smallest
   *     dead letter
   */
  static TopicLimitsWatch start(Settings config, Set<String> topics, int producerBytes)
      throws ClusterException {
    TopicLimitsWatch watch =
        new TopicLimitsWatch(TopicAdmin.open(config), Set.copyOf(topics), producerBytes);
    boolean started = false;
    try {
      watch.read();
      for (Map.Entry<String, TopicLimits> topic : watch.limits.entrySet()) {
        check(topic.getKey(), topic.getValue(), config.maxMessageBytes());
      }
      var unused =
          watch.executor.scheduleWithFixedDelay(
              watch::readAgain,
              // Soon, for a broker may not know a topic yet that was just created.
              SOON.toMillis(),
              INTERVAL.toMillis(),
              TimeUnit.MILLISECONDS);
      started = true;
      return watch;
    } finally {
      if (!started) {
        watch.close();
      }
    }
  }

  @Override
  public TopicLimits of(String topic) {
    return limits.getOrDefault(topic, UNKNOWN);
  }

  /** Reads the limits again without waiting for them. */
  void refresh() {
    try {
      executor.execute(this::readAgain);
    } catch (RejectedExecutionException e) {
      log.debug("closed", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    admin.close();
  }

  private static void check(String topic, TopicLimits taken, DataSize maxMessage)
      throws ClusterException {
    if (taken.maxBytes() < LEAST_BYTES) {
      throw new ClusterException(
          "topic %s: max.message.bytes: %d (expected: at least %d, so that it takes labels and dead letters; %d for whole dead letters of any event); raise it"
              .formatted(topic, taken.maxBytes(), LEAST_BYTES, maxMessage.bytes()));
    }
    if (taken.maxBytes() < maxMessage.bytes()) {
      log.warn(
          "topic {} takes records of up to {} bytes, less than max-message-bytes ({}): a longer"
              + " dead letter comes without the event's value, and instead of a longer result comes"
              + " a dead letter; raise the topic's max.message.bytes",
          topic,
          taken.maxBytes(),
          maxMessage.bytes());
    }
  }

  private void readAgain() {
    try {
      read();
    } catch (ClusterException | RuntimeException e) {
      log.warn("limits of the output topics not read again: {}", e.getMessage());
    }
  }

  private void read() throws ClusterException {
    admin
        .limits(topics)
        .forEach(
            (topic, taken) -> {
              TopicLimits now =
                  new TopicLimits(
                      Math.min(taken.maxBytes(), producerBytes),
                      taken.maxAgeMillis(),
                      taken.maxAheadMillis());
              TopicLimits before = limits.put(topic, now);
              if (before != null && !before.equals(now)) {
                log.info("topic {} has other limits now: {}", topic, now);
              }
            });
  }
}
