package dev.phistream.faults;

import dev.phistream.event.Tier;

/**
 * An event that the broker acknowledged.
 *
 * @param id its id; of bytes that are no event the id they were given here
 * @param tier the tier whose order it keeps
 * @param poison whether it must become a dead letter
 */
record Sent(Place place, String id, Tier tier, boolean poison) {}
