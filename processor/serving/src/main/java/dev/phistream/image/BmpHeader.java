package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/**
 * The header of a device-independent bitmap, from OS/2's of 12 bytes to Windows' fifth version, and
 * its palette.
 *
 * @param width in pixels
 * @param height in pixels
 * @param topDown whether the first row comes first
 * @param bits per pixel
 * @param compression 0 none, 1 runs of bytes, 2 runs of half bytes, 3 none with masks
 * @param masks where red, green, blue and alpha stand in a pixel; 0 for alpha if there is none
 * @param palette 0xRRGGBB per index
 * @param end the first byte behind the header
 * @param paletteEnd the first byte behind header and palette
 */
@SuppressWarnings("ArrayRecordComponent") // looked up for each pixel
record BmpHeader(
    int width,
    int height,
    boolean topDown,
    int bits,
    int compression,
    int[] masks,
    int[] palette,
    int end,
    long paletteEnd) {
  static final int RAW = 0;
  static final int RLE8 = 1;
  static final int RLE4 = 2;
  static final int BITFIELDS = 3;
  static final int JPEG = 4;
  static final int PNG = 5;
  static final int ALPHA_BITFIELDS = 6;

  private static final int OS2 = 12;
  private static final int SHORTEST = 16;
  private static final int WINDOWS = 40;
  private static final int LONGEST = 124;

  /**
   * Reads a header.
   *
   * @param start where it begins
   * @param format the file's, for messages
   * @throws ImageException if it is cut off, or of a kind that is not decoded here
   */
  static BmpHeader of(byte[] file, int start, String format) throws ImageException {
    if (file.length - start < 4) {
      throw truncated(format, file);
    }
    long size = Bytes.uint32(file, start, false);
    if (size != OS2 && (size < SHORTEST || size > LONGEST)) {
      throw new ImageException(
          Code.UNSUPPORTED, format + ": a header of " + size + " bytes (expected: 12 to 124)");
    }
    if (size > file.length - start) {
      throw truncated(format, file);
    }
    boolean os2 = size == OS2;
    // What a shorter header does not say is 0.
    byte[] fields = new byte[LONGEST];
    System.arraycopy(file, start, fields, 0, (int) size);
    int width = os2 ? Bytes.uint16(fields, 4, false) : Bytes.int32(fields, 4, false);
    int height = os2 ? Bytes.uint16(fields, 6, false) : Bytes.int32(fields, 8, false);
    int bits = Bytes.uint16(fields, os2 ? 10 : 14, false);
    int compression = os2 ? RAW : Bytes.int32(fields, 16, false);
    long colors = os2 ? 0 : Bytes.uint32(fields, 32, false);
    check(format, bits, compression);

    int at = start + (int) size;
    int[] masks = {0, 0, 0, 0};
    if (compression == BITFIELDS || compression == ALPHA_BITFIELDS) {
      int inHeader = size >= 56 ? 4 : size >= 52 ? 3 : 0;
      int count = inHeader > 0 ? inHeader : compression == BITFIELDS ? 3 : 4;
      int from = inHeader > 0 ? start + WINDOWS : at;
      if (file.length - from < 4 * count) {
        throw truncated(format, file);
      }
      for (int i = 0; i < count; i++) {
        masks[i] = Bytes.int32(file, from + 4 * i, false);
      }
      at = inHeader > 0 ? at : at + 4 * count;
    }
    if (masks[0] == 0 && masks[1] == 0 && masks[2] == 0) {
      masks =
          bits == 16 ? new int[] {0x7c00, 0x3e0, 0x1f, 0} : new int[] {0xff0000, 0xff00, 0xff, 0};
    }
    int[] palette = {};
    int entry = os2 ? 3 : 4;
    long count = colors == 0 && bits <= 8 ? 1L << bits : colors;
    if (bits <= 8 && bits > 0) {
      palette = palette(file, at, (int) Math.min(count, 256), entry);
    }
    return new BmpHeader(
        width,
        Math.abs(height),
        height < 0,
        bits,
        compression,
        masks,
        palette,
        at,
        at + count * entry);
  }

  private static void check(String format, int bits, int compression) throws ImageException {
    boolean known =
        switch (compression) {
          case RAW -> bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
          case RLE8 -> bits == 8;
          case RLE4 -> bits == 4;
          case BITFIELDS, ALPHA_BITFIELDS -> bits == 16 || bits == 24 || bits == 32;
          case JPEG, PNG -> true;
          default -> false;
        };
    if (!known) {
      throw new ImageException(
          Code.UNSUPPORTED,
          format + ": " + bits + " bits per pixel with compression " + compression);
    }
  }

  private static int[] palette(byte[] file, int start, int count, int entry) {
    int[] palette = new int[count];
    for (int i = 0; i < count && start + entry * i + 3 <= file.length; i++) {
      palette[i] = Bytes.uint24(file, start + entry * i);
    }
    return palette;
  }

  static ImageException truncated(String format, byte[] file) {
    return new ImageException(
        Code.TRUNCATED, format + ": ends before its image does, at byte " + file.length);
  }
}
