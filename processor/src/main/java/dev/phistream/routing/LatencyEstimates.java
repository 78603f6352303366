package dev.phistream.routing;

import java.time.Duration;

/** What answering would take now. */
@FunctionalInterface
public interface LatencyEstimates {
  /** Expected time from arrival to answer for one more event of {@code variant}. */
  Duration estimate(String variant);
}
