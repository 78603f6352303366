/**
 * An event's way from bytes to labels: the stages fetch, decode, batch and answer, each with
 * threads, a limit and a deadline of its own. It knows nothing of Kafka.
 */
@NullMarked
package dev.phistream.pipeline;

import org.jspecify.annotations.NullMarked;
