package dev.phistream.drawing;

/** Is told how a training goes. */
public interface TrainingListener {
  /** Images are about to be drawn. */
  void drawing(int images);

  /** One of them was drawn; called on any thread. */
  void drawn();

  /** A step was done; loss and accuracy are those of its epoch so far. */
  void step(int epoch, int step, int steps, double loss, double accuracy);

  /**
   * An epoch was done.
   *
   * @param loss mean over the epoch
   * @param accuracy on the augmented images that were learnt from
   * @param validation on images that are never learnt from
   * @param kept whether these are the best weights so far, which were written
   */
  void epoch(int epoch, double loss, double accuracy, Accuracy validation, boolean kept);

  /** All is done: accuracy of the written model on held-out images. */
  void finished(Accuracy heldOut);
}
