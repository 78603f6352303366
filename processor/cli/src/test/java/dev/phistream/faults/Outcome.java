package dev.phistream.faults;

import org.jspecify.annotations.Nullable;

/**
 * A record of an output topic.
 *
 * @param origin the place of the event that it says it answers
 * @param label whether it is a label; else it is a dead letter
 * @param id the event's id; null for dead letters, which may be unreadable
 * @param error why it is a dead letter; null for labels
 */
record Outcome(Place origin, boolean label, @Nullable String id, @Nullable String error) {
  static Outcome label(Place origin, String id) {
    return new Outcome(origin, true, id, null);
  }

  static Outcome deadLetter(Place origin, String error) {
    return new Outcome(origin, false, null, error);
  }
}
