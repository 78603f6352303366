package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/**
 * TIFF's variant of LZW (TIFF 6.0, section 13): codes begin at the highest bit and grow one code
 * early. Files of before 1988 begin at the lowest bit and grow in time; they are told by their
 * first code.
 */
final class TiffLzw {
  private static final int CLEAR = 256;
  private static final int END = 257;
  private static final int MOST_CODES = 4096;

  private TiffLzw() {}

  static int decompress(byte[] data, byte[] out) throws ImageException {
    boolean old = data.length >= 2 && data[0] == 0 && (data[1] & 1) == 1;
    short[] prefix = new short[MOST_CODES];
    byte[] last = new byte[MOST_CODES];
    byte[] first = new byte[MOST_CODES];
    short[] length = new short[MOST_CODES];
    for (int i = 0; i < CLEAR; i++) {
      last[i] = (byte) i;
      first[i] = (byte) i;
      length[i] = 1;
    }
    int next = END + 1;
    int width = 9;
    int previous = -1;
    int filled = 0;
    long bit = 0;
    while (filled < out.length && bit + width <= 8L * data.length) {
      int code = old ? fromLowest(data, bit, width) : fromHighest(data, bit, width);
      bit += width;
      if (code == END) {
        break;
      }
      if (code == CLEAR) {
        next = END + 1;
        width = 9;
        previous = -1;
        continue;
      }
      if (code > next || (code == next && previous < 0) || code == CLEAR) {
        throw new ImageException(Code.UNDECODABLE, "TIFF: damaged LZW data");
      }
      if (previous >= 0 && next < MOST_CODES) {
        prefix[next] = (short) previous;
        first[next] = first[previous];
        last[next] = first[code == next ? previous : code];
        length[next] = (short) (length[previous] + 1);
        next++;
      }
      if (next + (old ? 0 : 1) >= 1 << width && width < 12) {
        width++;
      }
      int stop = filled + length[code];
      for (int at = stop - 1, part = code; at >= filled; at--, part = prefix[part]) {
        if (at < out.length) {
          out[at] = last[part];
        }
      }
      filled = stop;
      previous = code;
    }
    return Math.min(filled, out.length);
  }

  private static int fromHighest(byte[] data, long bit, int width) {
    int at = (int) (bit >> 3);
    int window = 0;
    for (int i = 0; i < 3; i++) {
      window = window << 8 | (at + i < data.length ? data[at + i] & 0xff : 0);
    }
    return window >> (24 - width - (int) (bit & 7)) & ((1 << width) - 1);
  }

  private static int fromLowest(byte[] data, long bit, int width) {
    int at = (int) (bit >> 3);
    int window = 0;
    for (int i = 2; i >= 0; i--) {
      window = window << 8 | (at + i < data.length ? data[at + i] & 0xff : 0);
    }
    return window >> (int) (bit & 7) & ((1 << width) - 1);
  }
}
