package dev.phistream.planning;

import org.jspecify.annotations.Nullable;

/** What decides about events, and learns, in the course of a simulation. */
public interface SimulationListener {
  /** The event as it goes on from its arrival, or null if it does not. */
  default @Nullable SimulatedEvent arrived(SimulatedEvent event) {
    return event;
  }

  /** An event that went on is decoded, which took so long. */
  default void decoded(SimulatedEvent event, long tookNanos) {}

  /** Its micro-batch is done. */
  default void answered(SimulatedEvent event, SimulatedBatch batch) {}
}
