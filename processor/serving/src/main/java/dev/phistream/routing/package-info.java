/**
 * Which variant answers an event: tiers, explicit variants and budgets. It decides and never waits,
 * and knows nothing of Kafka.
 */
@NullMarked
package dev.phistream.routing;

import org.jspecify.annotations.NullMarked;
