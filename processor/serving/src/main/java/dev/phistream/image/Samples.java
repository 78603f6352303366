package dev.phistream.image;

/**
 * Conversions of 8-bit samples to RGB without colour management, with the arithmetic that libjpeg
 * and Pillow use. Arrays are interleaved.
 */
final class Samples {
  private Samples() {}

  static byte[] grayToRgb(byte[] gray) {
    byte[] rgb = new byte[3 * gray.length];
    for (int i = 0, target = 0; i < gray.length; i++, target += 3) {
      rgb[target] = gray[i];
      rgb[target + 1] = gray[i];
      rgb[target + 2] = gray[i];
    }
    return rgb;
  }

  /** CMYK as Adobe writes it into JPEG: 255 is no ink. */
  static byte[] invertedCmykToRgb(byte[] cmyk) {
    byte[] rgb = new byte[cmyk.length / 4 * 3];
    for (int source = 0, target = 0; target < rgb.length; source += 4, target += 3) {
      int light = cmyk[source + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        int ink = 255 - (cmyk[source + c] & 0xff);
        rgb[target + c] = (byte) clip(light - divideBy255(ink * light));
      }
    }
    return rgb;
  }

  /** CMYK as TIFF stores it: 0 is no ink. */
  static byte[] cmykToRgb(byte[] cmyk) {
    byte[] inverted = new byte[cmyk.length];
    for (int i = 0; i < cmyk.length; i++) {
      inverted[i] = (byte) ~cmyk[i];
    }
    return invertedCmykToRgb(inverted);
  }

  /** The first three samples from YCbCr (ITU-T T.871) to inverted RGB, the fourth as it is. */
  static byte[] ycckToCmyk(byte[] ycck) {
    byte[] cmyk = new byte[ycck.length];
    for (int i = 0; i < ycck.length; i += 4) {
      int y = ycck[i] & 0xff;
      int cb = (ycck[i + 1] & 0xff) - 128;
      int cr = (ycck[i + 2] & 0xff) - 128;
      cmyk[i] = (byte) clip(255 - (y + ((fixed(1.402) * cr + HALF) >> 16)));
      cmyk[i + 1] =
          (byte) clip(255 - (y + ((-fixed(0.34414) * cb - fixed(0.71414) * cr + HALF) >> 16)));
      cmyk[i + 2] = (byte) clip(255 - (y + ((fixed(1.772) * cb + HALF) >> 16)));
      cmyk[i + 3] = ycck[i + 3];
    }
    return cmyk;
  }

  /** YCbCr (ITU-T T.871) to RGB. */
  static void ycbcrToRgb(int y, int blue, int red, byte[] rgb, int at) {
    int cb = blue - 128;
    int cr = red - 128;
    rgb[at] = (byte) clip(y + ((fixed(1.402) * cr + HALF) >> 16));
    rgb[at + 1] = (byte) clip(y + ((-fixed(0.34414) * cb - fixed(0.71414) * cr + HALF) >> 16));
    rgb[at + 2] = (byte) clip(y + ((fixed(1.772) * cb + HALF) >> 16));
  }

  private static final int HALF = 1 << 15;

  private static int fixed(double factor) {
    return (int) (factor * 65536 + 0.5);
  }

  /** Division by 255, rounded, for 0 to 65025. */
  static int divideBy255(int product) {
    int biased = product + 128;
    return (biased + (biased >> 8)) >> 8;
  }

  static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
