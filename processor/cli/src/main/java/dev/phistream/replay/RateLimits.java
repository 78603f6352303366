package dev.phistream.replay;

/**
 * Is told of every event that goes to the classifier, and may slow the replay down. Thread-safe.
 */
@FunctionalInterface
interface RateLimits {
  /** As fast as it goes. */
  RateLimits NONE = () -> {};

  /** One more event goes to the classifier; returns at once. */
  void take();
}
