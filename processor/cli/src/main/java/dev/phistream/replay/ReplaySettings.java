package dev.phistream.replay;

import dev.phistream.config.ConfigException;
import dev.phistream.config.KafkaClient;
import dev.phistream.config.Settings;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/** The processor's settings for a replay: what the live one has, and over it what a plan says. */
final class ReplaySettings {
  private static final String GUARANTEE = "processing.guarantee";
  private static final String EXACTLY_ONCE = "exactly_once_v2";

  /** Nobody waits for a single answer, so that micro-batches may wait until they are full. */
  private static final String MAX_DELAY = "1s";

  private static final int BATCHES_IN_FLIGHT = 2;

  private static final String BUFFERED = StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG;

  /** Kafka Streams' own. */
  private static final long MOST_TAKEN = 1000;

  private static final List<String> TIERS = List.of("latency", "balanced", "accuracy");

  private ReplaySettings() {}

  /**
   * Assembles them.
   *
   * @param models names of the models to serve
   * @param live the live processor's configuration
   */
  static Map<String, String> of(
      ReplayPlan plan, Collection<String> models, RateLimitSettings rateLimits, Settings live) {
    Map<String, String> settings = new HashMap<>();
    if (rateLimits.deviceShare() != null) {
      // What is in flight when the share is spent is computed all the same, so: two micro-batches.
      int events = BATCHES_IN_FLIGHT * live.batch().maxSize();
      int partitions = Math.max(1, plan.ranges().size());
      settings.put("window.events", String.valueOf((events + partitions - 1) / partitions));
    }
    if (rateLimits.imagesPerSecond() != null) {
      finely(rateLimits.imagesPerSecond(), live).forEach(settings::put);
    }
    settings.put("application-id", plan.applicationId());
    settings.put("topics.input", plan.topic());
    settings.put("topics.labels", plan.labels());
    settings.put("topics.dead-letters", plan.deadLetters());
    settings.put("role", "all");
    settings.put("variants", "");
    settings.put("models", String.join(",", models));
    // Whoever replays wants the variants that the tiers stand for, however long that takes.
    settings.put("brownout.enabled", "false");
    for (String tier : TIERS) {
      settings.put("tiers." + tier + ".max-delay", MAX_DELAY);
      settings.put("tiers." + tier + ".objective", "");
      settings.put("tiers." + tier + ".shed", "false");
      String variant = plan.variant();
      if (variant != null) {
        settings.put("tiers." + tier + ".variants", variant);
        settings.put("tiers." + tier + ".cascade.small", "");
      }
    }
    return settings;
  }

  /**
   * Records are taken in small groups, for a pause holds up no group that has begun: with Kafka's
   * default of 1000, a rate would be kept over minutes only.
   */
  private static Map<String, String> finely(double imagesPerSecond, Settings live) {
    String group = String.valueOf(Math.max(1, Math.min(MOST_TAKEN, Math.round(imagesPerSecond))));
    Map<String, String> settings = new HashMap<>();
    if (live.kafka().key(KafkaClient.STREAMS, BUFFERED).isEmpty()) {
      settings.put("kafka." + BUFFERED, group);
    }
    return settings;
  }

  /** Refuses what would break the promise of a replay. */
  static void check(Settings live) throws ConfigException {
    String guarantee = live.kafka().value(KafkaClient.STREAMS, GUARANTEE).orElse(EXACTLY_ONCE);
    if (!guarantee.equals(EXACTLY_ONCE)) {
      throw new ConfigException(
          List.of(
              live.provenance()
                  .problem(
                      "kafka." + GUARANTEE,
                      guarantee,
                      EXACTLY_ONCE + ", the only one that a replay works with",
                      "")));
    }
  }
}
