/**
 * One image from bytes to labels: fetch, decode, micro-batch, top-k, all off the caller's thread.
 * It knows nothing of Kafka.
 */
@NullMarked
package dev.phistream.pipeline;

import org.jspecify.annotations.NullMarked;
