package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/** Decompresses a frame's data: GIF's variant of LZW (GIF89a, appendix F) in sub-blocks. */
final class GifData {
  private static final int MOST_CODES = 4096;

  private final byte[] file;
  private int position;
  private int blockEnd;
  private int buffer;
  private int bits;

  private GifData(byte[] file, int position) {
    this.file = file;
    this.position = position;
    this.blockEnd = position;
  }

  /**
   * Fills an array with indices.
   *
   * @param start where the size of the first codes stands
   * @throws ImageException if the data ends before the array is full, or is damaged
   */
  static void decode(byte[] file, int start, byte[] indices) throws ImageException {
    if (start >= file.length) {
      throw truncated(file);
    }
    int size = Bytes.uint8(file, start);
    if (size > 8) {
      throw new ImageException(Code.UNDECODABLE, "GIF: codes of " + size + " bits");
    }
    new GifData(file, start + 1).decode(size, indices);
  }

  private void decode(int size, byte[] indices) throws ImageException {
    int clear = 1 << size;
    int end = clear + 1;
    // Each code is the string of an earlier code and one index.
    short[] prefix = new short[MOST_CODES];
    byte[] last = new byte[MOST_CODES];
    byte[] first = new byte[MOST_CODES];
    short[] length = new short[MOST_CODES];
    for (int i = 0; i < clear; i++) {
      last[i] = (byte) i;
      first[i] = (byte) i;
      length[i] = 1;
    }
    int next = end + 1;
    int width = size + 1;
    int previous = -1;
    int filled = 0;
    while (filled < indices.length) {
      int code = code(width);
      if (code == clear) {
        next = end + 1;
        width = size + 1;
        previous = -1;
        continue;
      }
      if (code == end) {
        throw new ImageException(
            Code.TRUNCATED,
            "GIF: the frame's data has " + filled + " of " + indices.length + " pixels");
      }
      if (code > next || (code == next && previous < 0)) {
        throw new ImageException(Code.UNDECODABLE, "GIF: damaged frame data");
      }
      if (previous >= 0 && next < MOST_CODES) {
        prefix[next] = (short) previous;
        first[next] = first[previous];
        last[next] = first[code == next ? previous : code];
        length[next] = (short) (length[previous] + 1);
        next++;
        if (next == 1 << width && width < 12) {
          width++;
        }
      }
      if (length[code] == 0) {
        throw new ImageException(Code.UNDECODABLE, "GIF: damaged frame data");
      }
      int stop = filled + length[code];
      for (int at = stop - 1, part = code; at >= filled; at--, part = prefix[part]) {
        if (at < indices.length) {
          indices[at] = last[part];
        }
      }
      filled = stop;
      previous = code;
    }
  }

  private int code(int width) throws ImageException {
    while (bits < width) {
      if (position == blockEnd) {
        int count = position < file.length ? Bytes.uint8(file, position) : 0;
        if (count == 0) {
          throw truncated(file);
        }
        position++;
        blockEnd = Math.min(file.length, position + count);
        if (position == blockEnd) {
          throw truncated(file);
        }
      }
      buffer |= Bytes.uint8(file, position++) << bits;
      bits += 8;
    }
    int code = buffer & ((1 << width) - 1);
    buffer >>>= width;
    bits -= width;
    return code;
  }

  private static ImageException truncated(byte[] file) {
    return new ImageException(
        Code.TRUNCATED, "GIF: ends before its first frame does, at byte " + file.length);
  }
}
