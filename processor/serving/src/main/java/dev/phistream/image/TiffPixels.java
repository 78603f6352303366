package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import dev.phistream.image.TiffLayout.Alpha;

/**
 * Converts rows of TIFF samples to RGB with Pillow's rules: up to 16 bits are scaled to 8, numbers
 * of 32 bits, signed ones and floating-point ones count as grey levels from 0 to 255.
 */
final class TiffPixels {
  private final TiffLayout layout;
  private final boolean bigEndian;
  private final long[] colorMap;
  private final Background background;

  TiffPixels(TiffLayout layout, boolean bigEndian, long[] colorMap, Background background) {
    this.layout = layout;
    this.bigEndian = bigEndian;
    this.colorMap = colorMap;
    this.background = background;
  }

  /**
   * Checks that rows of a layout can be converted.
   *
   * @throws ImageException if not
   */
  static void check(TiffLayout layout) throws ImageException {
    int bits = layout.bits();
    boolean gray = layout.colors() == 1 && layout.photometric() != TiffLayout.PALETTE;
    boolean whole = bits == 8 || bits == 16;
    boolean depth =
        switch (layout.format()) {
          case TiffLayout.FLOAT -> gray && (bits == 16 || bits == 32 || bits == 64);
          case TiffLayout.SIGNED -> gray && (whole || bits == 32);
          default ->
              whole
                  || (gray && bits == 32)
                  || (layout.colors() == 1
                      && layout.samples() == 1
                      && (bits == 1 || bits == 2 || bits == 4 || bits == 12));
        };
    boolean photometric =
        switch (layout.photometric()) {
          case TiffLayout.WHITE_IS_ZERO,
              TiffLayout.BLACK_IS_ZERO,
              TiffLayout.RGB,
              TiffLayout.PALETTE,
              TiffLayout.MASK,
              TiffLayout.SEPARATED ->
              true;
          case TiffLayout.YCBCR, TiffLayout.LAB -> bits == 8;
          default -> false;
        };
    if (!photometric || !depth || layout.samples() < layout.colors()) {
      throw new ImageException(
          Code.UNSUPPORTED,
          "TIFF: photometric interpretation "
              + layout.photometric()
              + " with "
              + layout.samples()
              + " samples of "
              + bits
              + " bits, format "
              + layout.format());
    }
  }

  /** Converts the first pixels of a row. */
  void row(byte[] block, int start, int width, byte[] pixels, int target) {
    if (layout.photometric() == TiffLayout.RGB && layout.bits() == 8 && layout.samples() == 3) {
      System.arraycopy(block, start, pixels, target, 3 * width);
      return;
    }
    int[] colors = new int[layout.colors()];
    for (int x = 0, at = target; x < width; x++, at += 3) {
      int first = x * layout.samples();
      for (int c = 0; c < colors.length; c++) {
        colors[c] = level(block, start, first + c);
      }
      int alpha = layout.alpha() == Alpha.NONE ? 255 : level(block, start, first + colors.length);
      pixel(colors, alpha, pixels, at);
    }
  }

  private void pixel(int[] colors, int alpha, byte[] pixels, int at) {
    switch (layout.photometric()) {
      case TiffLayout.RGB -> compose(pixels, at, colors[0], colors[1], colors[2], alpha);
      case TiffLayout.PALETTE -> {
        int size = colorMap.length / 3;
        int index = Math.min(colors[0], size - 1);
        if (index >= 0) {
          compose(
              pixels,
              at,
              (int) colorMap[index] >> 8 & 0xff,
              (int) colorMap[size + index] >> 8 & 0xff,
              (int) colorMap[2 * size + index] >> 8 & 0xff,
              alpha);
        }
      }
      case TiffLayout.SEPARATED -> {
        int light = 255 - colors[3];
        for (int c = 0; c < 3; c++) {
          pixels[at + c] = (byte) Samples.clip(light - Samples.divideBy255(colors[c] * light));
        }
      }
      case TiffLayout.YCBCR -> Samples.ycbcrToRgb(colors[0], colors[1], colors[2], pixels, at);
      case TiffLayout.LAB -> Lab.toRgb(colors[0], (byte) colors[1], (byte) colors[2], pixels, at);
      default -> compose(pixels, at, colors[0], colors[0], colors[0], alpha);
    }
  }

  private void compose(byte[] pixels, int at, int red, int green, int blue, int alpha) {
    if (layout.alpha() == Alpha.ASSOCIATED) {
      background.composeAssociated(pixels, at, red, green, blue, alpha);
    } else {
      background.compose(pixels, at, red, green, blue, alpha);
    }
  }

  /** A sample as a level from 0 to 255, or as an index into the palette. */
  private int level(byte[] block, int start, int index) {
    int bits = layout.bits();
    boolean indexed = layout.photometric() == TiffLayout.PALETTE;
    boolean inverted = layout.photometric() == TiffLayout.WHITE_IS_ZERO && bits <= 8;
    if (layout.format() == TiffLayout.FLOAT) {
      return clip(real(block, start, index));
    }
    switch (bits) {
      case 8 -> {
        int value = block[start + index] & 0xff;
        return inverted ? 255 - value : value;
      }
      case 16 -> {
        int value = Bytes.uint16(block, start + 2 * index, bigEndian);
        if (indexed) {
          return value;
        }
        if (layout.format() == TiffLayout.SIGNED) {
          return clip((short) value);
        }
        return layout.samples() == 1 ? (value + 128) / 257 : value >> 8;
      }
      case 32 -> {
        return layout.format() == TiffLayout.SIGNED
            ? clip(Bytes.int32(block, start + 4 * index, bigEndian))
            : clip((double) Bytes.uint32(block, start + 4 * index, bigEndian));
      }
      default -> {
        int value = 0;
        for (int i = 0, bit = index * bits; i < bits; i++, bit++) {
          value = (value << 1) | ((block[start + (bit >> 3)] >> (7 - (bit & 7))) & 1);
        }
        if (indexed) {
          return value;
        }
        // Pillow reads 12 bits as numbers of 16.
        int level = bits == 12 ? (value + 128) / 257 : value * 255 / ((1 << bits) - 1);
        return inverted ? 255 - level : level;
      }
    }
  }

  private double real(byte[] block, int start, int index) {
    return switch (layout.bits()) {
      case 64 -> Double.longBitsToDouble(Bytes.int64(block, start + 8 * index, bigEndian));
      case 32 -> Float.intBitsToFloat(Bytes.int32(block, start + 4 * index, bigEndian));
      default -> half(Bytes.uint16(block, start + 2 * index, bigEndian));
    };
  }

  /** A number of IEEE 754's binary16. */
  private static double half(int bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double size =
        exponent == 0x1f
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? Math.scalb((double) fraction, -24)
                : Math.scalb(1024.0 + fraction, exponent - 25);
    return (bits & 0x8000) == 0 ? size : -size;
  }

  private static int clip(double value) {
    return (int) Math.max(0, Math.min(255, value));
  }
}
