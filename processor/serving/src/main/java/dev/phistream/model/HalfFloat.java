package dev.phistream.model;

/** IEEE 754 half precision as 16 bits. (The JDK converts it from version 20 on.) */
public final class HalfFloat {
  private static final int MANTISSA_SHIFT = 13;
  private static final int EXPONENT_REBIAS = 127 - 15;

  private HalfFloat() {}

  /** The value of a half. */
  public static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (mantissa << MANTISSA_SHIFT));
    }
    if (exponent == 0) {
      float subnormal = mantissa * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    return Float.intBitsToFloat(
        sign | ((exponent + EXPONENT_REBIAS) << 23) | (mantissa << MANTISSA_SHIFT));
  }

  /** The nearest half, ties to even; what is too large becomes infinite. */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x47800000) { // 65536 and above
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) { // below the smallest normal half, 2^-14
      return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
    }
    int rounded =
        magnitude - (EXPONENT_REBIAS << 23) + 0xfff + ((magnitude >>> MANTISSA_SHIFT) & 1);
    return (short) (sign | (rounded >>> MANTISSA_SHIFT));
  }
}
