package dev.phistream.topology;

/**
 * Says what the topics take to which outcomes go. The answer may change while the processor runs.
 * Thread-safe.
 */
@FunctionalInterface
public interface OutputLimits {
  /** For topics that take everything. */
  OutputLimits NONE = topic -> TopicLimits.NONE;

  /** The limits of a topic. */
  TopicLimits of(String topic);
}
