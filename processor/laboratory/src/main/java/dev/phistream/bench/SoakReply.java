package dev.phistream.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a soaking process says, a line per sample.
 *
 * @param error why it cannot go on, or null
 * @param engineVersion of the native library
 * @param images run so far
 * @param sample of its memory
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SoakReply(
    @Nullable String error,
    @Nullable String engineVersion,
    long images,
    @Nullable MemorySample sample) {}
