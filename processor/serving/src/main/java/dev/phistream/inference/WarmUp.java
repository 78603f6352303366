package dev.phistream.inference;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs every batch size once before the first event, of sizes that are padded to the same the
 * largest: engines plan, tune and take memory for a size when they first see it.
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
   * fits is known at once. When a size does not fit, the largest is halved.
   *
   * @param resolution height and width of the network's images; they are fed as pixels
   * @param maxBatch largest batch that is wanted
   * @throws TooLargeForDeviceException when not even one image fits
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
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        int padded = runner.padded(batch);
        while (batch > 0 && runner.padded(batch) == padded) {
          times.put(batch, took);
          batch--;
        }
      } catch (TooLargeForDeviceException e) {
        if (largest == 1) {
          throw e;
        }
        largest /= 2;
        batch = Math.min(batch, largest);
      }
    }
    return new Result(largest, times);
  }
}
