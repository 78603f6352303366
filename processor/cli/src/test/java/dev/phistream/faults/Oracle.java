package dev.phistream.faults;

import dev.phistream.event.Tier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compares what came out with what went in. */
final class Oracle {
  /** Results keep order within it; between labels and dead letters no order can be seen. */
  private record Lane(int partition, Tier tier, boolean label) {}

  private Oracle() {}

  /**
   * Judges a run.
   *
   * @param outcomes in the order of their output partitions; the outcomes of one input partition
   *     and tier must all be in one partition of their topic
   */
  static Verdict judge(Collection<Sent> sent, Collection<Outcome> outcomes) {
    Map<Place, Sent> missing = new TreeMap<>();
    Map<Place, Sent> known = new HashMap<>();
    for (Sent event : sent) {
      missing.put(event.place(), event);
      known.put(event.place(), event);
    }
    List<Outcome> doubled = new ArrayList<>();
    List<Outcome> swapped = new ArrayList<>();
    List<Outcome> foreign = new ArrayList<>();
    List<Outcome> misjudged = new ArrayList<>();
    Map<Lane, Long> latest = new HashMap<>();
    Set<Place> answered = new HashSet<>();
    for (Outcome outcome : outcomes) {
      Sent event = known.get(outcome.origin());
      if (event == null || (outcome.id() != null && !outcome.id().equals(event.id()))) {
        foreign.add(outcome);
        continue;
      }
      missing.remove(outcome.origin());
      if (!answered.add(outcome.origin())) {
        doubled.add(outcome);
      }
      if (outcome.label() == event.poison()) {
        misjudged.add(outcome);
      }
      Lane lane = new Lane(event.place().partition(), event.tier(), outcome.label());
      long before = latest.getOrDefault(lane, -1L);
      if (event.place().offset() < before) {
        swapped.add(outcome);
      }
      latest.put(lane, Math.max(before, event.place().offset()));
    }
    return new Verdict(List.copyOf(missing.values()), doubled, swapped, foreign, misjudged);
  }
}
