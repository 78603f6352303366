package dev.phistream.faults;

import java.util.List;

/**
 * What the oracle found.
 *
 * @param lost events without an outcome
 * @param doubled outcomes of events that had one already
 * @param swapped outcomes that came after one of a later event of their partition and tier
 * @param foreign outcomes of what was not sent
 * @param misjudged dead letters of sound events, labels of poison
 */
record Verdict(
    List<Sent> lost,
    List<Outcome> doubled,
    List<Outcome> swapped,
    List<Outcome> foreign,
    List<Outcome> misjudged) {
  boolean isExactlyOnce() {
    return isAtLeastOnce() && doubled.isEmpty() && swapped.isEmpty();
  }

  boolean isAtLeastOnce() {
    return lost.isEmpty() && foreign.isEmpty() && misjudged.isEmpty();
  }

  /** Counts, and the first of each that should not be. */
  @Override
  public String toString() {
    return "lost %s, doubled %s, out of order %s, foreign %s, misjudged %s"
        .formatted(some(lost), some(doubled), some(swapped), some(foreign), some(misjudged));
  }

  private static String some(List<?> all) {
    return all.isEmpty() ? "0" : all.size() + " " + all.subList(0, Math.min(8, all.size()));
  }
}
