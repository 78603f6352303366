package dev.phistream.training;

/**
 * How a classifier is learnt.
 *
 * @param batch images of a step
 * @param rate highest learning rate
 * @param weightDecay of AdamW
 * @param smoothing of the labels
 * @param dropout part of the features that a step leaves out
 * @param averaging part of the moving average of the weights that a step keeps
 * @param balanced whether rare classes weigh more
 * @param seed of order, views and dropout
 */
record HeadRecipe(
    int batch,
    float rate,
    double weightDecay,
    double smoothing,
    double dropout,
    double averaging,
    boolean balanced,
    long seed) {
  private static final int MOST_STEPS = 2000;
  private static final int MOST_EPOCHS = 60;
  private static final int LEAST_EPOCHS = 8;

  /** Passes over so many images: fewer when there are many. */
  int epochs(int images) {
    int batches = Math.max(1, images / batch);
    return Math.max(LEAST_EPOCHS, Math.min(MOST_EPOCHS, MOST_STEPS / batches));
  }
}
