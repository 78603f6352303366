package dev.phistream.planning;

/**
 * What was busy for how long, in nanoseconds of all of a kind together.
 *
 * @param spanNanos from the beginning to the last happening
 * @param devices running micro-batches
 * @param decoders decoding
 * @param cores with something to do
 * @param threads stream threads taking events
 */
public record Usage(
    long spanNanos, double devices, double decoders, double cores, double threads) {}
