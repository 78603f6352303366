package dev.phistream.image;

/**
 * Estimates how much memory decoding a file takes, from its header alone and without allocating:
 * pixels times the bytes that the format's reader and our copies take for each at once. Whoever
 * decodes many images side by side adds the estimates up and lets an image wait for room.
 */
public final class DecodeMemory {
  private static final int JPEG_BASELINE = 6;

  /** Coefficients of all components wait for the last scan. */
  private static final int JPEG_PROGRESSIVE = 22;

  private static final int PNG = 14;
  private static final int GIF = 8;
  private static final int BMP = 10;
  private static final int TIFF = 22;

  /** Objects of its macro-blocks, as in {@link ImageDecoder}. */
  private static final int WEBP = 64;

  private static final int TIFF_WIDTH = 256;
  private static final int TIFF_HEIGHT = 257;

  private DecodeMemory() {}

  /**
   * Returns the estimate in bytes; 0 for a file whose size cannot be read, which the decoder
   * refuses before it takes memory for pixels.
   */
  public static long bytes(byte[] file) {
    if (JpegHeader.matches(file)) {
      return jpeg(file);
    } else if (PngChunks.matches(file)) {
      return PNG * pixels(uint32(file, 16, true), uint32(file, 20, true));
    } else if (GifDecoder.matches(file)) {
      return GIF * pixels(uint16(file, 6, false), uint16(file, 8, false));
    } else if (Magic.at(file, 0, "BM")) {
      return BMP * pixels(uint32(file, 18, false), Math.abs((int) uint32(file, 22, false)));
    } else if (Magic.at(file, 0, "II")) {
      return TIFF * tiff(file, false);
    } else if (Magic.at(file, 0, "MM")) {
      return TIFF * tiff(file, true);
    } else if (Magic.at(file, 0, "RIFF") && Magic.at(file, 8, "WEBP")) {
      return WEBP * webp(file);
    }
    return 0;
  }

  /** The frame header stands before the first scan; segments say how long they are. */
  private static long jpeg(byte[] file) {
    int at = 2;
    while (at + 9 < file.length && (file[at] & 0xff) == 0xff) {
      int marker = file[at + 1] & 0xff;
      if (marker == 0xff) { // fill
        at++;
      } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xcc) {
        long pixels = pixels(uint16(file, at + 7, true), uint16(file, at + 5, true));
        return (marker <= 0xc1 ? JPEG_BASELINE : JPEG_PROGRESSIVE) * pixels;
      } else {
        at += 2 + (int) uint16(file, at + 2, true);
      }
    }
    return 0;
  }

  private static long tiff(byte[] file, boolean bigEndian) {
    long directory = uint32(file, 4, bigEndian);
    if (directory > file.length) {
      return 0;
    }
    long width = 0;
    long height = 0;
    long entries = uint16(file, (int) directory, bigEndian);
    for (int entry = 0; entry < entries; entry++) {
      int at = (int) directory + 2 + 12 * entry;
      long tag = uint16(file, at, bigEndian);
      if (tag == TIFF_WIDTH || tag == TIFF_HEIGHT) {
        boolean isShort = uint16(file, at + 2, bigEndian) == 3;
        long value = isShort ? uint16(file, at + 8, bigEndian) : uint32(file, at + 8, bigEndian);
        width = tag == TIFF_WIDTH ? value : width;
        height = tag == TIFF_HEIGHT ? value : height;
      }
    }
    return pixels(width, height);
  }

  /** The larger of the canvas and the image: a small canvas may hold a large image. */
  private static long webp(byte[] file) {
    long largest = 0;
    int at = 12;
    while (at >= 0 && at + 8 <= file.length) {
      if (Magic.at(file, at, "VP8X")) {
        largest = Math.max(largest, pixels(1 + uint24(file, at + 12), 1 + uint24(file, at + 15)));
      } else if (Magic.at(file, at, "VP8L")) {
        long bits = uint32(file, at + 9, false);
        largest = Math.max(largest, pixels(1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff)));
      } else if (Magic.at(file, at, "VP8 ")) {
        long width = uint16(file, at + 14, false) & 0x3fff;
        long height = uint16(file, at + 16, false) & 0x3fff;
        largest = Math.max(largest, pixels(width, height));
      }
      long size = uint32(file, at + 4, false);
      at = size > file.length ? file.length : at + 8 + (int) (size + (size & 1));
    }
    return largest;
  }

  /** Cannot overflow when it is multiplied by the bytes of a pixel. */
  private static long pixels(long width, long height) {
    return Math.min(width * Math.min(height, Integer.MAX_VALUE), Long.MAX_VALUE / (2 * WEBP));
  }

  private static long uint16(byte[] file, int at, boolean bigEndian) {
    return bigEndian ? at(file, at) << 8 | at(file, at + 1) : at(file, at + 1) << 8 | at(file, at);
  }

  private static long uint24(byte[] file, int at) {
    return at(file, at + 2) << 16 | uint16(file, at, false);
  }

  private static long uint32(byte[] file, int at, boolean bigEndian) {
    return bigEndian
        ? uint16(file, at, true) << 16 | uint16(file, at + 2, true)
        : uint16(file, at + 2, false) << 16 | uint16(file, at, false);
  }

  /** A byte; 0 beyond the end, where the decoder finds the file truncated. */
  private static long at(byte[] file, int index) {
    return index >= 0 && index < file.length ? file[index] & 0xff : 0;
  }
}
