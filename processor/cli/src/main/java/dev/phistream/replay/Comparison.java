package dev.phistream.replay;

import org.jspecify.annotations.Nullable;

/** Compares new results with earlier ones. Thread-safe. */
@FunctionalInterface
interface Comparison {
  /** There are none to compare with. */
  Comparison NONE = result -> null;

  /**
   * Compares.
   *
   * @param result a result record's value
   * @return the name of the count that goes up, or null where there is no earlier result
   */
  @Nullable String count(byte[] result);
}
