package dev.phistream.inference;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs every batch size once before the first event: engines plan, tune and take memory for a size
 * when they first see it.
 */
public final class WarmUp {
  /**
   * How a runner is after it.
   *
   * @param largest the largest batch from now on
   * @param times what each batch took, by size: a little more than it will, because engines plan in
   *     the first run
   */
  public record Result(int largest, Map<Integer, Duration> times) {
    /** Copies the map. */
    public Result {
      times = Map.copyOf(times);
    }
  }

  private WarmUp() {}

  /**
   * Warms a runner, largest batch first: what memory it needs is taken in one piece, and whether it
   * fits is known at once. While the largest does not fit, it is halved.
   *
   * @param resolution height and width of the network's pictures; they are fed as pixels
   * @param maxBatch largest batch that is wanted
   * @throws OutOfDeviceMemoryException when not even one picture fits
   * @throws InferenceException when the network does not run
   */
  public static Result run(NetworkRunner runner, int resolution, int maxBatch)
      throws InferenceException {
    byte[] black = new byte[3 * resolution * resolution];
    Map<Integer, Duration> times = new HashMap<>();
    int largest = maxBatch;
    int batch = maxBatch;
    while (batch > 0) {
      try {
        long started = System.nanoTime();
        runner.logits(Collections.nCopies(batch, black));
        times.put(batch, Duration.ofNanos(System.nanoTime() - started));
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
    return new Result(largest, times);
  }
}
