package dev.phistream.image;

import org.jspecify.annotations.Nullable;

/**
 * Reads the orientation from the first directory of an Exif block (Exif 2.32, section 4.6.2), with
 * Pillow's rules for damaged ones: entries count until one points outside of the block, entries of
 * unknown type are passed over, any number type does, of several values the first counts. It
 * follows no pointer to a further directory, so that chains and loops of them cost nothing.
 */
final class ExifTag {
  private static final int ORIENTATION = 0x112;
  private static final int ENTRY = 12;

  /** Bytes of a value of each type; 0 for types that do not exist. */
  private static final int[] UNITS = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};

  private ExifTag() {}

  /**
   * Returns the tag's value, 0 if it is no whole number, or null if there is no such tag.
   *
   * @param start where the block's TIFF header begins
   */
  static @Nullable Integer orientation(byte[] block, int start) {
    boolean bigEndian = Magic.at(block, start, "MM");
    if (block.length - start < 8 || (!bigEndian && !Magic.at(block, start, "II"))) {
      return null;
    }
    int magic = Bytes.uint16(block, start + 2, bigEndian);
    if (magic != 42 && magic != 0x2a00) {
      return null;
    }
    long directory = start + Bytes.uint32(block, start + 4, bigEndian);
    return directory + 2 > block.length
        ? null
        : orientation(block, start, (int) directory, bigEndian);
  }

  private static @Nullable Integer orientation(
      byte[] block, int start, int directory, boolean bigEndian) {
    Integer found = null;
    int count = Bytes.uint16(block, directory, bigEndian);
    for (int i = 0, at = directory + 2; i < count && at + ENTRY <= block.length; i++, at += ENTRY) {
      int type = Bytes.uint16(block, at + 2, bigEndian);
      int unit = type < UNITS.length ? UNITS[type] : 0;
      long size = unit * Bytes.uint32(block, at + 4, bigEndian);
      if (size == 0) {
        continue;
      }
      long value = size <= 4 ? at + 8 : start + Bytes.uint32(block, at + 8, bigEndian);
      if (value + size > block.length) {
        return found;
      }
      if (Bytes.uint16(block, at, bigEndian) == ORIENTATION) {
        found = number(block, (int) value, type, bigEndian);
      }
    }
    return found;
  }

  /** A value of a number type as a whole number from 1 to 8, or 0. */
  static int number(byte[] block, int at, int type, boolean bigEndian) {
    double value =
        switch (type) {
          case 3 -> Bytes.uint16(block, at, bigEndian);
          case 4, 13 -> Bytes.uint32(block, at, bigEndian);
          case 5 ->
              (double) Bytes.uint32(block, at, bigEndian) / Bytes.uint32(block, at + 4, bigEndian);
          case 6 -> block[at];
          case 8 -> (short) Bytes.uint16(block, at, bigEndian);
          case 9 -> Bytes.int32(block, at, bigEndian);
          case 10 ->
              (double) Bytes.int32(block, at, bigEndian) / Bytes.int32(block, at + 4, bigEndian);
          case 11 -> Float.intBitsToFloat(Bytes.int32(block, at, bigEndian));
          case 12 -> Double.longBitsToDouble(Bytes.int64(block, at, bigEndian));
          case 16 -> Bytes.int64(block, at, bigEndian);
          default -> 0;
        };
    return value >= 1 && value <= 8 && value == Math.rint(value) ? (int) value : 0;
  }
}
