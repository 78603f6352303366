package dev.phistream.pipeline;

import java.util.concurrent.CompletableFuture;

/** Classifies images, many at a time, off the caller's thread. Thread-safe. */
@FunctionalInterface
public interface ImageClassifier {
  /**
   * Takes an image and returns at once.
   *
   * @return completes with the answer or, exceptionally, with a {@link ClassificationException}, or
   *     with an {@link EngineLostException} when nothing can be classified here any more;
   *     cancelling it drops the image wherever it waits
   */
  CompletableFuture<Answer> submit(ImageRequest request);
}
