package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/**
 * What a GIF file (GIF89a) says before the data of its first frame. Bytes between blocks that begin
 * none are passed over.
 */
final class GifHeader {
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int GRAPHIC_CONTROL = 0xf9;

  private final byte[] bytes;
  private int position;
  private int left;
  private int top;
  private int frameWidth;
  private int frameHeight;
  private int transparent = -1;
  private boolean interlaced;
  private int[] palette = {};

  private GifHeader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads up to the first frame's data.
   *
   * @throws ImageException if there is none
   */
  static GifHeader of(byte[] bytes) throws ImageException {
    GifHeader header = new GifHeader(bytes);
    header.read();
    return header;
  }

  int screenWidth() {
    return uint16(6);
  }

  int screenHeight() {
    return uint16(8);
  }

  int left() {
    return left;
  }

  int top() {
    return top;
  }

  int frameWidth() {
    return frameWidth;
  }

  int frameHeight() {
    return frameHeight;
  }

  /** 0xRRGGBB per index: the frame's own colours, the file's, or greys if it has none. */
  int[] palette() {
    return palette;
  }

  /** The index whose pixels are transparent; -1 if none is. */
  int transparent() {
    return transparent;
  }

  /** Whether the rows come in four passes. */
  boolean interlaced() {
    return interlaced;
  }

  /** Where the frame's data begins, with the size of its first codes. */
  int dataStart() {
    return position;
  }

  private void read() throws ImageException {
    position = 13;
    require(0);
    int[] shared = colors(bytes[10]);
    while (true) {
      int block = next();
      if (block == EXTENSION) {
        int label = next();
        require(5);
        if (label == GRAPHIC_CONTROL && bytes[position] >= 4 && (bytes[position + 1] & 1) == 1) {
          transparent = bytes[position + 4] & 0xff;
        }
        skipSubBlocks();
      } else if (block == IMAGE) {
        require(9);
        left = uint16(position);
        top = uint16(position + 2);
        frameWidth = uint16(position + 4);
        frameHeight = uint16(position + 6);
        byte flags = bytes[position + 8];
        interlaced = (flags & 0x40) != 0;
        position += 9;
        int[] own = colors(flags);
        palette = own.length > 0 ? own : shared.length > 0 ? shared : grays();
        return;
      } else if (block == 0x3b) {
        throw new ImageException(Code.UNDECODABLE, "GIF: has no frame");
      }
    }
  }

  /** The colour table that follows a descriptor with these flags; empty if none does. */
  private int[] colors(byte flags) throws ImageException {
    if ((flags & 0x80) == 0) {
      return new int[0];
    }
    int[] colors = new int[2 << (flags & 7)];
    require(3 * colors.length);
    for (int i = 0; i < colors.length; i++, position += 3) {
      colors[i] =
          (bytes[position] & 0xff) << 16
              | (bytes[position + 1] & 0xff) << 8
              | (bytes[position + 2] & 0xff);
    }
    return colors;
  }

  private static int[] grays() {
    int[] grays = new int[256];
    for (int i = 0; i < grays.length; i++) {
      grays[i] = i * 0x010101;
    }
    return grays;
  }

  private void skipSubBlocks() throws ImageException {
    for (int size = next(); size != 0; size = next()) {
      require(size);
      position += size;
    }
  }

  private int next() throws ImageException {
    require(1);
    return bytes[position++] & 0xff;
  }

  private void require(int count) throws ImageException {
    if (bytes.length - position < count) {
      throw new ImageException(
          Code.TRUNCATED, "GIF: ends before its first frame, at byte " + bytes.length);
    }
  }

  private int uint16(int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
  }
}
