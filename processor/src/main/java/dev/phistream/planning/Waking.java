package dev.phistream.planning;

import java.util.List;

/**
 * How long threads that were woken waited for a core.
 *
 * @param millis a sample of such times, in ascending order; empty if they never wait
 */
public record Waking(List<Double> millis) {
  /** At once. */
  public static final Waking AT_ONCE = new Waking(List.of());

  private static final double NANOS = 1e6;

  /** Checks and sorts the sample. */
  public Waking {
    millis = millis.stream().sorted().toList();
    if (millis.stream().anyMatch(wait -> !(wait >= 0 && wait < Double.POSITIVE_INFINITY))) {
      throw new IllegalArgumentException("waking: %s ms (expected: >= 0)".formatted(millis));
    }
  }

  /** The wait that a share of them, 0 to 1, does not exceed. */
  long nanosAt(double share) {
    return millis.isEmpty()
        ? 0
        : Math.round(NANOS * millis.get((int) Math.min(millis.size() - 1, share * millis.size())));
  }
}
