package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/** The pixels of a bitmap file. */
final class BmpImage implements EncodedImage {
  private final byte[] file;
  private final BmpHeader header;
  private final int offset;

  BmpImage(byte[] file, BmpHeader header, int offset) {
    this.file = file;
    this.header = header;
    this.offset = offset;
  }

  @Override
  public DecodeCost cost() {
    boolean runs = header.compression() == BmpHeader.RLE8 || header.compression() == BmpHeader.RLE4;
    return DecodeCost.perPixel(
        ImageFormat.BMP, header.width(), header.height(), DecodeCost.RGB + (runs ? 1 : 0));
  }

  @Override
  public Orientation orientation() {
    return Orientation.NORMAL;
  }

  @Override
  public RgbImage decode(Background background) throws ImageException {
    int width = header.width();
    int height = header.height();
    byte[] pixels = new byte[3 * width * height];
    if (header.compression() == BmpHeader.RLE8 || header.compression() == BmpHeader.RLE4) {
      byte[] indices = runs();
      for (int i = 0; i < indices.length; i++) {
        put(pixels, 3 * i, header.palette(), indices[i] & 0xff);
      }
      flip(pixels);
      return new RgbImage(width, height, pixels);
    }
    long stride = rowBytes();
    if (offset + stride * (height - 1) + ((long) width * header.bits() + 7) / 8 > file.length) {
      throw BmpHeader.truncated("BMP", file);
    }
    for (int y = 0; y < height; y++) {
      int target = 3 * width * (header.topDown() ? y : height - 1 - y);
      row(offset + (int) stride * y, pixels, target, background);
    }
    return new RgbImage(width, height, pixels);
  }

  /** Rows are padded to four bytes. */
  private long rowBytes() {
    return ((long) header.width() * header.bits() + 31) / 32 * 4;
  }

  private void row(int source, byte[] pixels, int target, Background background) {
    int bits = header.bits();
    for (int x = 0; x < header.width(); x++) {
      int at = target + 3 * x;
      if (bits <= 8) {
        int bit = x * bits;
        int index =
            Bytes.uint8(file, source + (bit >> 3)) >> (8 - bits - (bit & 7)) & ((1 << bits) - 1);
        put(pixels, at, header.palette(), index);
      } else if (bits == 24) {
        pixels[at] = file[source + 3 * x + 2];
        pixels[at + 1] = file[source + 3 * x + 1];
        pixels[at + 2] = file[source + 3 * x];
      } else {
        int pixel =
            bits == 16
                ? Bytes.uint16(file, source + 2 * x, false)
                : Bytes.int32(file, source + 4 * x, false);
        int[] masks = header.masks();
        background.compose(
            pixels,
            at,
            sample(pixel, masks[0]),
            sample(pixel, masks[1]),
            sample(pixel, masks[2]),
            masks[3] == 0 ? 255 : sample(pixel, masks[3]));
      }
    }
  }

  /** The part of a pixel under a mask, brought to 8 bits. */
  private static int sample(int pixel, int mask) {
    if (mask == 0) {
      return 0;
    }
    int shift = Integer.numberOfTrailingZeros(mask);
    int value = (pixel & mask) >>> shift;
    int bits = 32 - Integer.numberOfLeadingZeros(mask >>> shift);
    return bits > 8 ? value >>> (bits - 8) : value * 255 / ((1 << bits) - 1);
  }

  private static void put(byte[] pixels, int at, int[] palette, int index) {
    int color = index < palette.length ? palette[index] : 0;
    pixels[at] = (byte) (color >> 16);
    pixels[at + 1] = (byte) (color >> 8);
    pixels[at + 2] = (byte) color;
  }

  private void flip(byte[] pixels) {
    if (header.topDown()) {
      return;
    }
    int stride = 3 * header.width();
    byte[] row = new byte[stride];
    for (int top = 0, bottom = header.height() - 1; top < bottom; top++, bottom--) {
      System.arraycopy(pixels, top * stride, row, 0, stride);
      System.arraycopy(pixels, bottom * stride, pixels, top * stride, stride);
      System.arraycopy(row, 0, pixels, bottom * stride, stride);
    }
  }

  /** Indices of run-length coded rows; what the runs leave out is 0. */
  private byte[] runs() throws ImageException {
    boolean half = header.compression() == BmpHeader.RLE4;
    int width = header.width();
    byte[] out = new byte[width * header.height()];
    int x = 0;
    int y = 0;
    int at = offset;
    while (y < header.height()) {
      if (file.length - at < 2) {
        throw BmpHeader.truncated("BMP", file);
      }
      int count = Bytes.uint8(file, at);
      int value = Bytes.uint8(file, at + 1);
      at += 2;
      if (count > 0) {
        for (int i = 0; i < count && x < width; i++, x++) {
          int index = half ? (i & 1) == 0 ? value >> 4 : value & 0xf : value;
          out[y * width + x] = (byte) index;
        }
      } else if (value == 0) {
        x = 0;
        y++;
      } else if (value == 1) {
        break;
      } else if (value == 2) {
        if (file.length - at < 2) {
          throw BmpHeader.truncated("BMP", file);
        }
        x += Bytes.uint8(file, at);
        y += Bytes.uint8(file, at + 1);
        at += 2;
      } else {
        int bytes = half ? (value + 1) / 2 : value;
        if (file.length - at < bytes) {
          throw BmpHeader.truncated("BMP", file);
        }
        for (int i = 0; i < value && x < width; i++, x++) {
          int pair = Bytes.uint8(file, at + (half ? i / 2 : i));
          int index = half ? (i & 1) == 0 ? pair >> 4 : pair & 0xf : pair;
          out[y * width + x] = (byte) index;
        }
        at += bytes + (bytes & 1);
      }
    }
    if (y == 0 && x == 0) {
      throw new ImageException(Code.UNDECODABLE, "BMP: run-length data without a pixel");
    }
    return out;
  }
}
