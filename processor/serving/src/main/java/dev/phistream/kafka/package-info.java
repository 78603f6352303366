/**
 * Talks to a Kafka with the settings that a user gave: it makes clients, reaches brokers and finds
 * topics. It knows the settings and Kafka's clients, but nothing of events.
 */
@NullMarked
package dev.phistream.kafka;

import org.jspecify.annotations.NullMarked;
