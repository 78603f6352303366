package dev.phistream.pipeline;

import java.time.Duration;

/**
 * An image to be classified.
 *
 * @param image the encoded image or where it lies
 * @param variant the variant that shall answer
 * @param maxDelay how long the image may wait for its micro-batch to fill, from its arrival here
 * @param topK how many labels are wanted, at least 1
 */
public record ImageRequest(ImageSource image, String variant, Duration maxDelay, int topK) {}
