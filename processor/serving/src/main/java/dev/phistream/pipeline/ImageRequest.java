package dev.phistream.pipeline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An image to be classified.
 *
 * @param image the encoded image or where it lies
 * @param variant the variant that shall answer, or the slot of a trial's model
 * @param maxDelay how long the image may wait for its micro-batch to fill, from its arrival here
 * @param objective within what time of its arrival the answer is wanted, or null for whenever
 *     throughput is highest
 * @param topK how many labels are wanted, at least 1
 * @param cascade who may answer in place of the variant, or null
 */
public record ImageRequest(
    ImageSource image,
    String variant,
    Duration maxDelay,
    @Nullable Duration objective,
    int topK,
    @Nullable Cascade cascade) {
  /** A request without a cascade. */
  public ImageRequest(
      ImageSource image,
      String variant,
      Duration maxDelay,
      @Nullable Duration objective,
      int topK) {
    this(image, variant, maxDelay, objective, topK, null);
  }

  /** A request without an objective. */
  public ImageRequest(ImageSource image, String variant, Duration maxDelay, int topK) {
    this(image, variant, maxDelay, null, topK);
  }

  /** The same for another model alone, wanted within another time. */
  public ImageRequest with(String anotherVariant, @Nullable Duration anotherObjective) {
    return new ImageRequest(image, anotherVariant, maxDelay, anotherObjective, topK);
  }
}
