package dev.phistream.faults;

import java.util.concurrent.ThreadLocalRandom;

/** The seed of a run: {@code -Dphistream.test.seed=N} replays, else each run has its own. */
final class Seeds {
  private static final String SEED = "phistream.test.seed";

  private Seeds() {}

  static long seed() {
    String given = System.getProperty(SEED);
    return given == null || given.isBlank()
        ? ThreadLocalRandom.current().nextInt(1, 1_000_000)
        : Long.parseLong(given);
  }
}
