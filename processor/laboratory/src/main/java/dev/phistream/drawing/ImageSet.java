package dev.phistream.drawing;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Synthetic images as network input, in memory. They come by the way that events take: encoded as
 * JPEG, decoded, resized and cropped.
 */
final class ImageSet {
  private final byte[][] pixels;
  private final int side;

  private ImageSet(byte[][] pixels, int side) {
    this.pixels = pixels;
    this.side = side;
  }

  /**
   * Draws the images 0 to {@code count - 1}.
   *
   * @param drawn told of each image, on any thread
   */
  static ImageSet draw(
      SyntheticImages images, int count, Preprocessing preprocessing, IntConsumer drawn) {
    return of(count, images::jpeg, preprocessing, drawn);
  }

  /**
   * The same from files that were drawn before.
   *
   * @param jpegs file by number, as {@link SyntheticImages#jpeg(long)} makes it
   */
  static ImageSet of(
      int count, IntFunction<byte[]> jpegs, Preprocessing preprocessing, IntConsumer drawn) {
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    Preprocessor preprocessor = new Preprocessor(preprocessing);
    byte[][] pixels = new byte[count][];
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              pixels[i] = input(jpegs.apply(i), decoder, preprocessor);
              drawn.accept(i);
            });
    return new ImageSet(pixels, preprocessing.size());
  }

  private static byte[] input(byte[] jpeg, ImageDecoder decoder, Preprocessor preprocessor) {
    try {
      return preprocessor.apply(decoder.decode(jpeg));
    } catch (ImageException e) {
      throw new IllegalStateException("a image that was just encoded", e);
    }
  }

  int size() {
    return pixels.length;
  }

  /** Side of the images, in pixels. */
  int side() {
    return side;
  }

  /** Class of a image. */
  int label(int index) {
    return SyntheticImages.label(index);
  }

  /** 3×side×side uint8, not copied. */
  byte[] pixels(int index) {
    return pixels[index];
  }

  /** Images {@code from} to {@code to - 1}, not copied. */
  List<byte[]> range(int from, int to) {
    return Arrays.asList(pixels).subList(from, to);
  }
}
