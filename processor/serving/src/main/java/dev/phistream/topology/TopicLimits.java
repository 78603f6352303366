package dev.phistream.topology;

/**
 * What a topic takes of a record.
 *
 * @param maxBytes the topic's {@code max.message.bytes}, or what the producer may send if that is
 *     less
 * @param maxAgeMillis how long before the broker's clock a timestamp may be
 * @param maxAheadMillis how long after the broker's clock a timestamp may be
 */
public record TopicLimits(int maxBytes, long maxAgeMillis, long maxAheadMillis) {
  /** Takes everything. */
  public static final TopicLimits NONE =
      new TopicLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  /** So much may the broker's clock differ from ours, and so long may a record be under way. */
  private static final long MARGIN_MILLIS = 60_000;

  /** The timestamp that is nearest to {@code timestamp} of those that the topic takes now. */
  long acceptable(long timestamp, long nowMillis) {
    long margin = Math.min(MARGIN_MILLIS, maxAgeMillis / 2);
    long earliest = maxAgeMillis >= nowMillis ? 0 : nowMillis - maxAgeMillis + margin;
    long latest =
        maxAheadMillis >= Long.MAX_VALUE - nowMillis
            ? Long.MAX_VALUE
            : nowMillis + maxAheadMillis - Math.min(MARGIN_MILLIS, maxAheadMillis);
    return Math.max(earliest, Math.min(timestamp, Math.max(earliest, latest)));
  }
}
