package dev.phistream.runtime;

import org.apache.kafka.streams.Topology;

/**
 * A Kafka Streams application of this process.
 *
 * @param id names its consumer group, transactions and changelog
 * @param classifies whether it has windows of events in flight
 */
record Application(String id, Topology topology, boolean classifies) {}
