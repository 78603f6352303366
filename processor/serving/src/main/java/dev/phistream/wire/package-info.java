/**
 * Wire formats: image events and classifications as values and headers of Kafka records. Knows
 * neither topology nor Kafka Streams; what speaks to a schema registry is loaded only when one is
 * configured.
 */
@NullMarked
package dev.phistream.wire;

import org.jspecify.annotations.NullMarked;
