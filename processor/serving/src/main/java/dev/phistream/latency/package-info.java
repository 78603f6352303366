/**
 * What answering an event will take: an online model of queues, decoding and micro-batches. It
 * chooses nothing, and knows neither images nor Kafka.
 */
@NullMarked
package dev.phistream.latency;

import org.jspecify.annotations.NullMarked;
