package dev.phistream.pipeline;

import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;

/** Makes a network's input of an encoded image. Thread-safe. */
@FunctionalInterface
public interface ImagePreparation {
  /**
   * Decodes an image and preprocesses it.
   *
   * @param preprocessor the model's
   * @return uint8, 3×height×width
   * @throws ImageException when the bytes are no image that can be decoded here
   */
  byte[] prepare(byte[] encoded, Preprocessor preprocessor) throws ImageException;

  /** The preparation with a decoder. */
  static ImagePreparation with(ImageDecoder decoder) {
    return (encoded, preprocessor) ->
        preprocessor.apply(decoder.decode(encoded, preprocessor.shortEdge()));
  }
}
