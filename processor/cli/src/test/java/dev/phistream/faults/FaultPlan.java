package dev.phistream.faults;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What happens in a run, as data that a seed determines. When things happen depends on the machine:
 * each fault comes as soon as a share of its slice of events has been answered.
 *
 * @param steps in order
 */
record FaultPlan(List<Step> steps) {
  /** Instances at the beginning. */
  static final int FIRST_INSTANCES = 2;

  static final int MOST_INSTANCES = 3;

  /**
   * A slice of events and the fault that comes while they are being answered.
   *
   * @param kind what happens
   * @param pick which instance or partition, modulo how many there are
   * @param events events of the slice
   * @param share of them that are answered when it happens, 0 to 1
   */
  record Step(FaultKind kind, int pick, int events, double share) {}

  FaultPlan {
    steps = List.copyOf(steps);
  }

  /** The plan of a seed. Every kind has its turn before any comes again. */
  static FaultPlan of(long seed, int faults, int events) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    Set<FaultKind> due = EnumSet.noneOf(FaultKind.class);
    int instances = FIRST_INSTANCES;
    for (int i = 0; i < faults; i++) {
      if (due.isEmpty()) {
        due.addAll(EnumSet.allOf(FaultKind.class));
      }
      FaultKind kind = List.copyOf(due).get(random.nextInt(due.size()));
      due.remove(kind);
      if (kind == FaultKind.ADD && instances == MOST_INSTANCES) {
        kind = FaultKind.REMOVE;
      } else if (kind == FaultKind.REMOVE && instances == 1) {
        kind = FaultKind.ADD;
      }
      instances += kind == FaultKind.ADD ? 1 : kind == FaultKind.REMOVE ? -1 : 0;
      int slice = events / faults + (i < events % faults ? 1 : 0);
      steps.add(new Step(kind, random.nextInt(1 << 16), slice, 0.1 + 0.8 * random.nextDouble()));
    }
    return new FaultPlan(steps);
  }
}
