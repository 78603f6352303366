package dev.phistream.image;

/** Converts CIE L*a*b* of the white D50, as TIFF and ICC have it, to sRGB. */
final class Lab {
  private static final double X = 0.9642;
  private static final double Z = 0.8249;

  private Lab() {}

  /**
   * Converts a pixel.
   *
   * @param lightness 0 to 255 for 0 to 100
   */
  static void toRgb(int lightness, int a, int b, byte[] rgb, int at) {
    double fy = (lightness * 100.0 / 255 + 16) / 116;
    double x = X * inverse(fy + a / 500.0);
    double y = inverse(fy);
    double z = Z * inverse(fy - b / 200.0);
    // sRGB's primaries, adapted from D65 to D50 by Bradford's method.
    rgb[at] = gamma(3.1338561 * x - 1.6168667 * y - 0.4906146 * z);
    rgb[at + 1] = gamma(-0.9787684 * x + 1.9161415 * y + 0.0334540 * z);
    rgb[at + 2] = gamma(0.0719453 * x - 0.2289914 * y + 1.4052427 * z);
  }

  private static double inverse(double f) {
    return f > 6.0 / 29 ? f * f * f : (f - 16.0 / 116) * 108 / 841;
  }

  private static byte gamma(double linear) {
    double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
    return (byte) Samples.clip((int) Math.round(255 * value));
  }
}
