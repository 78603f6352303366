package dev.phistream.image;

import java.util.EnumSet;

/**
 * Estimates how much memory decoding a file takes, from its headers alone and without allocating
 * memory for pixels. Whoever decodes many images side by side adds the estimates up and lets an
 * image wait for room.
 */
public final class DecodeMemory {
  private static final ImageDecoder ANY =
      new ImageDecoder(
          new DecodeSettings(
              new DecodeLimits(Integer.MAX_VALUE, DecodeLimits.MOST_PIXELS, Integer.MAX_VALUE),
              EnumSet.allOf(ImageFormat.class),
              Background.WHITE));

  private DecodeMemory() {}

  /**
   * Returns the estimate in bytes; 0 for a file whose size cannot be read, which the decoder
   * refuses before it takes memory for pixels.
   */
  public static long bytes(byte[] file) {
    try {
      return ANY.inspect(file).memory();
    } catch (ImageException e) {
      return 0;
    }
  }
}
