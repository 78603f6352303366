package dev.phistream.replay;

import dev.phistream.event.Tier;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a range are replayed; all conditions must hold.
 *
 * @param sources of these sources; empty for all
 * @param tiers that ask for these tiers, {@link Tier#DEFAULT} for those that ask for none; empty
 *     for all
 * @param attributes that have these attributes
 * @param share the share of keys that is taken, above 0 up to 1
 * @param previous what an earlier result must be, or null
 */
public record Selection(
    Set<String> sources,
    Set<Tier> tiers,
    Map<String, String> attributes,
    double share,
    @Nullable Previous previous) {
  /** All events. */
  public static final Selection ALL = new Selection(Set.of(), Set.of(), Map.of(), 1, null);

  /**
   * Earlier results.
   *
   * @param topics where they are; of several for one event the last read counts
   * @param below only events whose first label has a score below this, or null
   * @param labels only events whose first label is one of these; empty for all
   * @param withoutResult whether events without an earlier result are taken too
   */
  public record Previous(
      List<String> topics, @Nullable Double below, Set<String> labels, boolean withoutResult) {
    /** Copies and checks. */
    public Previous {
      topics = List.copyOf(topics);
      labels = Collections.unmodifiableSet(new TreeSet<>(labels));
      if (topics.isEmpty()) {
        throw new IllegalArgumentException("previous topics: none (expected: at least one)");
      }
      if (below != null && !(below > 0 && below <= 1)) {
        throw new IllegalArgumentException(
            "below: %s (expected: above 0, up to 1)".formatted(below));
      }
    }

    /** Whether it leaves anything out; else earlier results are only compared with. */
    boolean selects() {
      return below != null || !labels.isEmpty();
    }
  }

  /** Copies and checks. */
  public Selection {
    sources = Collections.unmodifiableSet(new TreeSet<>(sources));
    tiers = Collections.unmodifiableSet(new TreeSet<>(tiers));
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "sample: %s (expected: above 0, up to 1)".formatted(share));
    }
  }

  /** Whether an event must be read to know whether it is replayed. */
  boolean needsEvent() {
    return !sources.isEmpty() || !tiers.isEmpty() || !attributes.isEmpty();
  }
}
