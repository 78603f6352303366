package dev.phistream.training;

import dev.phistream.model.Noise;

/**
 * How the upper stages of a network are learnt.
 *
 * @param epochs passes over the images
 * @param batch images of a step
 * @param headRate highest learning rate of the classifier
 * @param stageRate highest learning rate of the stage below it
 * @param decay what the rate is multiplied with from a stage to the next lower one
 * @param weightDecay of AdamW
 * @param smoothing of the labels
 * @param noise dropout and stochastic depth
 * @param augment of the images
 * @param mixup parameter α of mixup (Zhang et al., arXiv 1710.09412); 0 for none
 * @param averaging part of the moving average of the weights that a step keeps
 * @param balanced whether rare classes weigh more
 * @param patience epochs without a lower loss on the tuning images, after which it ends
 * @param seed of order, views and noise
 */
record FineTuneRecipe(
    int epochs,
    int batch,
    float headRate,
    float stageRate,
    double decay,
    double weightDecay,
    double smoothing,
    Noise noise,
    RandAugment augment,
    double mixup,
    double averaging,
    boolean balanced,
    int patience,
    long seed) {
  /** Rates of parameters at a depth below the classifier, as parts of the classifier's. */
  float part(int depth) {
    return depth == 0 ? 1 : (float) (stageRate / headRate * Math.pow(decay, depth - 1));
  }
}
