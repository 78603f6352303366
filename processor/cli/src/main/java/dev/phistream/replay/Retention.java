package dev.phistream.replay;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares how long topics keep records with how old labels will be. */
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration CALL = Duration.ofSeconds(10);

  private Retention() {}

  /**
   * Warns of topics that delete records younger than {@code age}; others are none of its business.
   */
  static void warn(Admin admin, Collection<String> topics, Duration age) {
    try {
      Map<ConfigResource, Config> configs =
          admin
              .describeConfigs(
                  topics.stream()
                      .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                      .toList())
              .all()
              .get(CALL.toSeconds(), TimeUnit.SECONDS);
      configs.forEach(
          (topic, config) -> {
            Duration kept = kept(config);
            if (kept != null && kept.compareTo(age) < 0) {
              log.warn(
                  "topic {} keeps records for {} h, and labels have their events' times, the oldest of them {} h ago: Kafka will delete those that are older (expected: retention.ms of -1, or above {})",
                  topic.name(),
                  kept.toHours(),
                  age.toHours(),
                  age.toMillis());
            }
          });
    } catch (ExecutionException | TimeoutException e) {
      log.warn("whether {} keep labels long enough is not known: {}", topics, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null for ever. */
  private static @Nullable Duration kept(Config config) {
    if (!value(config, TopicConfig.CLEANUP_POLICY_CONFIG)
            .contains(TopicConfig.CLEANUP_POLICY_DELETE)
        || value(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("LogAppendTime")) {
      return null;
    }
    String retention = value(config, TopicConfig.RETENTION_MS_CONFIG);
    long millis = retention.isEmpty() ? -1 : Long.parseLong(retention);
    return millis < 0 ? null : Duration.ofMillis(millis);
  }

  private static String value(Config config, String name) {
    ConfigEntry entry = config.get(name);
    return entry == null || entry.value() == null ? "" : entry.value();
  }
}
