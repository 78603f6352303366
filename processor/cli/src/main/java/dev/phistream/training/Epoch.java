package dev.phistream.training;

/**
 * What an epoch came to.
 *
 * @param loss mean on the images that were learnt from, with label smoothing
 * @param accuracy on them, 0 to 1
 * @param tuneLoss cross-entropy on the images that choose; NaN if none were looked at
 * @param tuneAccuracy on them, 0 to 1; NaN likewise
 */
public record Epoch(double loss, double accuracy, double tuneLoss, double tuneAccuracy) {}
