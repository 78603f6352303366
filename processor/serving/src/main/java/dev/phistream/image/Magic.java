package dev.phistream.image;

/** Compares the first bytes of files. */
final class Magic {
  private Magic() {}

  /** Whether these bytes stand at an offset. */
  static boolean at(byte[] file, int offset, int... expected) {
    if (file.length - offset < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((file[offset + i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether this ASCII text stands at an offset. */
  static boolean at(byte[] file, int offset, String expected) {
    return at(file, offset, expected.chars().toArray());
  }
}
