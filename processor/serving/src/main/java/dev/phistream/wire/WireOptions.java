package dev.phistream.wire;

import org.jspecify.annotations.Nullable;

/**
 * Which wire formats to use.
 *
 * @param input format of events
 * @param output format of results
 * @param registryUrl address of a schema registry for Avro, such as {@code
 *     http://registry:8080/apis/registry/v3}; null for Avro single objects
 */
public record WireOptions(InputFormat input, OutputFormat output, @Nullable String registryUrl) {}
