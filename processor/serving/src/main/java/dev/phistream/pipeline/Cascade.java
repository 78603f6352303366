package dev.phistream.pipeline;

/**
 * A small variant that may answer in place of the wanted one.
 *
 * @param small is asked first
 * @param temperature its logits are divided by this before softmax, for its confidence
 * @param threshold the confidence from which on it answers
 */
public record Cascade(String small, double temperature, double threshold) {}
