package dev.phistream.pipeline;

/** Brings the bytes of an image that lies elsewhere. Thread-safe. */
@FunctionalInterface
public interface ImageLoader {
  /**
   * Loads, blocking.
   *
   * @return the encoded image, whose size and digest have been checked
   * @throws ClassificationException when it may not be read, cannot be read, or is another than the
   *     reference says
   */
  byte[] load(ImageSource.Reference reference) throws ClassificationException;
}
