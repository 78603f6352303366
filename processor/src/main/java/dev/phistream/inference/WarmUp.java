package dev.phistream.inference;

import java.util.Collections;

/**
 * Runs every batch size once before the first event: engines plan, tune and take memory for a size
 * when they first see it.
 */
public final class WarmUp {
  private WarmUp() {}

  /**
   * Warms a runner, largest batch first: what memory it needs is taken in one piece, and whether it
   * fits is known at once. While the largest does not fit, it is halved.
   *
   * @param resolution height and width of the network's pictures; they are fed as pixels
   * @param maxBatch largest batch that is wanted
   * @return the largest batch from now on
   * @throws OutOfDeviceMemoryException when not even one picture fits
   * @throws InferenceException when the network does not run
   */
  public static int run(NetworkRunner runner, int resolution, int maxBatch)
      throws InferenceException {
    byte[] black = new byte[3 * resolution * resolution];
    int largest = maxBatch;
    int batch = maxBatch;
    while (batch > 0) {
      try {
        runner.logits(Collections.nCopies(batch, black));
        batch--;
      } catch (OutOfDeviceMemoryException e) {
        if (batch == 1) {
          throw e;
        }
        while (largest >= batch) {
          largest /= 2;
        }
        batch = largest;
      }
    }
    return largest;
  }
}
