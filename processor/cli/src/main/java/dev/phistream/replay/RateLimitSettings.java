package dev.phistream.replay;

import org.jspecify.annotations.Nullable;

/**
 * How much of the machine an instance of a replay takes.
 *
 * @param imagesPerSecond most images a second, above 0, or null
 * @param deviceShare most of the devices' time, above 0 up to 1, or null
 */
public record RateLimitSettings(@Nullable Double imagesPerSecond, @Nullable Double deviceShare) {
  /** All of it. */
  public static final RateLimitSettings NONE = new RateLimitSettings(null, null);

  /** Checks the numbers. */
  public RateLimitSettings {
    if (imagesPerSecond != null && !(imagesPerSecond > 0 && imagesPerSecond < 1e9)) {
      throw new IllegalArgumentException(
          "rate: %s (expected: images a second, above 0)".formatted(imagesPerSecond));
    }
    if (deviceShare != null && !(deviceShare > 0 && deviceShare <= 1)) {
      throw new IllegalArgumentException(
          "max-share: %s (expected: above 0, up to 1)".formatted(deviceShare));
    }
  }
}
