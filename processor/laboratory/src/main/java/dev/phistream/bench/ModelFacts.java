package dev.phistream.bench;

/**
 * A model that was measured.
 *
 * @param id as it was asked for
 * @param weights where they are from: their digest, or random ones
 * @param resolution side of its input, in pixels
 * @param parameters trained ones
 * @param flops multiply-adds of one image
 */
public record ModelFacts(String id, String weights, int resolution, long parameters, long flops) {}
