/**
 * What a user would write instead of Phistream: Kafka Streams with DJL, and a camel-djl route, on
 * the same engine and network. It calls DJL and Camel directly, and only the benchmark knows it.
 */
@NullMarked
package dev.phistream.bench.peer;

import org.jspecify.annotations.NullMarked;
