package dev.phistream.faults;

import org.jspecify.annotations.Nullable;

/**
 * A record of an output topic.
 *
 * @param origin the place of the event that it says it answers
 * @param label whether it is a label; else it is a dead letter
 * @param id the event's id; null for dead letters, which may be unreadable
 */
record Outcome(Place origin, boolean label, @Nullable String id) {}
