package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/** Whole numbers in text, between white space and comments. */
final class PnmTokens {
  private final byte[] file;
  private int position;

  PnmTokens(byte[] file, int position) {
    this.file = file;
    this.position = position;
  }

  /** Behind the last number and the one white space that ends it. */
  int position() {
    return Math.min(file.length, position + 1);
  }

  int next() throws ImageException {
    skip();
    int start = position;
    long value = 0;
    while (position < file.length && isDigit(file[position]) && value <= Integer.MAX_VALUE) {
      value = 10 * value + file[position++] - '0';
    }
    if (position == start || value > Integer.MAX_VALUE) {
      throw position < file.length
          ? new ImageException(Code.UNDECODABLE, "PNM: no number at byte " + start)
          : truncated(file);
    }
    return (int) value;
  }

  /** The next digit, for bitmaps whose digits stand without space between them. */
  int digit() throws ImageException {
    skip();
    if (position == file.length) {
      throw truncated(file);
    }
    if (!isDigit(file[position])) {
      throw new ImageException(Code.UNDECODABLE, "PNM: no digit at byte " + position);
    }
    return file[position++] - '0';
  }

  private void skip() {
    while (position < file.length) {
      if (file[position] == '#') {
        while (position < file.length && file[position] != '\n' && file[position] != '\r') {
          position++;
        }
      } else if (Character.isWhitespace(file[position])) {
        position++;
      } else {
        return;
      }
    }
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }

  static ImageException truncated(byte[] file) {
    return new ImageException(
        Code.TRUNCATED, "PNM: ends before its image does, at byte " + file.length);
  }
}
