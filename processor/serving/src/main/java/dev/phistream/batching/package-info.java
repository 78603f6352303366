/**
 * The micro-batcher: gathers items across partitions, closes batches by size, age and deadline, and
 * isolates failures. It knows nothing of Kafka.
 */
@NullMarked
package dev.phistream.batching;

import org.jspecify.annotations.NullMarked;
