/**
 * What a load needs: routing and micro-batching in virtual time, with the real rules and measured
 * times, in which no clock ticks. It knows router, latency model, scheduler and sizing, and neither
 * threads nor Kafka nor models.
 */
@NullMarked
package dev.phistream.planning;

import org.jspecify.annotations.NullMarked;
