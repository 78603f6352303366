/**
 * Assembles a running processor from its configuration: models, devices, micro-batcher, topology
 * and Kafka Streams. It holds no logic of its own beyond checks at start and an orderly stop.
 */
@NullMarked
package dev.phistream.runtime;

import org.jspecify.annotations.NullMarked;
