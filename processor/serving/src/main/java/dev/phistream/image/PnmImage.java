package dev.phistream.image;

/**
 * The pixels of a Netpbm file.
 *
 * @param kind 1 to 6, the digit of its signature
 * @param most the value of full brightness
 * @param start where the pixels begin
 */
@SuppressWarnings("ArrayRecordComponent") // the encoded file
record PnmImage(byte[] file, int kind, int width, int height, int most, int start)
    implements EncodedImage {
  @Override
  public DecodeCost cost() {
    return DecodeCost.perPixel(ImageFormat.PNM, width, height, DecodeCost.RGB);
  }

  @Override
  public Orientation orientation() {
    return Orientation.NORMAL;
  }

  @Override
  public RgbImage decode(Background background) throws ImageException {
    byte[] pixels = new byte[3 * width * height];
    boolean color = kind == 3 || kind == 6;
    int perPixel = color ? 3 : 1;
    if (kind <= 3) {
      PnmTokens tokens = new PnmTokens(file, start);
      for (int i = 0; i < pixels.length; i += color ? 1 : 3) {
        put(pixels, i, color, kind == 1 ? 255 * (1 - (tokens.digit() & 1)) : level(tokens.next()));
      }
      return new RgbImage(width, height, pixels);
    }
    int bytes = most > 255 ? 2 : 1;
    long row = kind == 4 ? (width + 7L) / 8 : (long) width * perPixel * bytes;
    if (start + row * height > file.length) {
      throw PnmTokens.truncated(file);
    }
    for (int y = 0; y < height; y++) {
      int source = start + (int) row * y;
      int target = 3 * width * y;
      for (int i = 0; i < width * perPixel; i++) {
        int value =
            kind == 4
                ? 255 * (1 - (file[source + (i >> 3)] >> (7 - (i & 7)) & 1))
                : level(
                    bytes == 2
                        ? Bytes.uint16(file, source + 2 * i, true)
                        : Bytes.uint8(file, source + i));
        put(pixels, target + (color ? i : 3 * i), color, value);
      }
    }
    return new RgbImage(width, height, pixels);
  }

  private int level(int value) {
    return most == 255
        ? Math.min(255, value)
        : Math.min(255, (255 * Math.min(value, most) + most / 2) / most);
  }

  private static void put(byte[] pixels, int at, boolean color, int value) {
    pixels[at] = (byte) value;
    if (!color) {
      pixels[at + 1] = (byte) value;
      pixels[at + 2] = (byte) value;
    }
  }
}
