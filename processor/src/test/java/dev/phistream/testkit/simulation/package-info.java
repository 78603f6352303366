/**
 * The micro-batcher's rules in virtual time: events arrive, are decoded and run as functions say,
 * and no clock ticks. It knows the scheduler and the sizing, and neither threads nor Kafka.
 */
@NullMarked
package dev.phistream.testkit.simulation;

import org.jspecify.annotations.NullMarked;
