package dev.phistream.bench;

/**
 * One point in one round.
 *
 * @param imagesPerSecond of all workers together
 * @param fill mean size of the batches that ran ÷ the size asked for
 * @param coresUsed processor time ÷ elapsed time, of the whole process, warm-up included
 * @param latencyMillis of a batch in the engine, waiting left out
 */
public record Measurement(
    double imagesPerSecond, double fill, double coresUsed, LatencyStats latencyMillis) {}
