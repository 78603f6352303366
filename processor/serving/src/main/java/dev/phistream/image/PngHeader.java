package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/**
 * What the pixels of a PNG file mean.
 *
 * @param width in pixels
 * @param height in pixels
 * @param depth bits of a sample
 * @param colorType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @param interlaced whether the rows come in Adam7's seven passes
 * @param palette 0xAARRGGBB per index; empty where there is none
 * @param transparent the samples of the colour that counts as transparent; empty where none does
 */
@SuppressWarnings("ArrayRecordComponent") // looked up for each pixel
record PngHeader(
    int width,
    int height,
    int depth,
    int colorType,
    boolean interlaced,
    int[] palette,
    int[] transparent) {
  static final int GRAY = 0;
  static final int RGB = 2;
  static final int INDEXED = 3;
  static final int GRAY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  int channels() {
    return switch (colorType) {
      case RGB -> 3;
      case GRAY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  /** Collects the header from chunks. */
  static final class Builder {
    private int width;
    private int height;
    private int depth;
    private int colorType = -1;
    private boolean interlaced;
    private int[] colors = {};
    private int[] alphas = {};
    private int[] transparent = {};

    boolean isPresent() {
      return colorType >= 0;
    }

    void header(byte[] bytes, int start, int end) throws ImageException {
      if (end - start < 13 || isPresent()) {
        throw new ImageException(Code.UNDECODABLE, "PNG: damaged IHDR");
      }
      width = Bytes.int32(bytes, start, true);
      height = Bytes.int32(bytes, start + 4, true);
      depth = Bytes.uint8(bytes, start + 8);
      colorType = Bytes.uint8(bytes, start + 9);
      int compression = Bytes.uint8(bytes, start + 10);
      int filter = Bytes.uint8(bytes, start + 11);
      if (compression != 0 || filter != 0) {
        throw new ImageException(
            Code.UNSUPPORTED,
            "PNG: compression " + compression + ", filter " + filter + " (expected: 0, 0)");
      }
      interlaced = bytes[start + 12] != 0;
      boolean known =
          switch (colorType) {
            case GRAY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case INDEXED -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case RGB, GRAY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
            default -> false;
          };
      if (!known) {
        throw new ImageException(
            Code.UNDECODABLE, "PNG: " + depth + " bits of colour type " + colorType);
      }
    }

    void palette(byte[] bytes, int start, int end) {
      colors = new int[(end - start) / 3];
      for (int i = 0; i < colors.length; i++) {
        int at = start + 3 * i;
        colors[i] =
            Bytes.uint8(bytes, at) << 16
                | Bytes.uint8(bytes, at + 1) << 8
                | Bytes.uint8(bytes, at + 2);
      }
    }

    void transparency(byte[] bytes, int start, int end) {
      if (colorType == INDEXED) {
        alphas = new int[Math.min(256, end - start)];
        for (int i = 0; i < alphas.length; i++) {
          alphas[i] = Bytes.uint8(bytes, start + i);
        }
      } else if ((colorType == GRAY && end - start >= 2)
          || (colorType == RGB && end - start >= 6)) {
        transparent = new int[colorType == GRAY ? 1 : 3];
        for (int i = 0; i < transparent.length; i++) {
          transparent[i] = Bytes.uint16(bytes, start + 2 * i, true);
        }
      }
    }

    PngHeader build() {
      int[] palette = {};
      if (colorType == INDEXED) {
        palette = new int[256];
        for (int i = 0; i < palette.length; i++) {
          int alpha = i < alphas.length ? alphas[i] : 255;
          palette[i] = alpha << 24 | (i < colors.length ? colors[i] : 0);
        }
      }
      return new PngHeader(width, height, depth, colorType, interlaced, palette, transparent);
    }
  }
}
