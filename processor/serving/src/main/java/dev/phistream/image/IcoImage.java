package dev.phistream.image;

import java.util.Arrays;

/** A bitmap in an icon: its colours, and a mask or an alpha channel. */
final class IcoImage implements EncodedImage {
  private final byte[] file;
  private final BmpHeader header;
  private final int height;

  IcoImage(byte[] file, BmpHeader header, int height) {
    this.file = file;
    this.header = header;
    this.height = height;
  }

  @Override
  public DecodeCost cost() {
    return DecodeCost.perPixel(ImageFormat.ICO, header.width(), height, 2 * DecodeCost.RGB);
  }

  @Override
  public Orientation orientation() {
    return Orientation.NORMAL;
  }

  @Override
  public RgbImage decode(Background background) throws ImageException {
    int width = header.width();
    BmpHeader colors =
        new BmpHeader(
            width,
            height,
            false,
            header.bits(),
            BmpHeader.RAW,
            header.bits() == 32 ? new int[] {0xff0000, 0xff00, 0xff, 0xff000000} : header.masks(),
            header.palette(),
            header.end(),
            header.paletteEnd());
    int offset = (int) Math.min(file.length, header.paletteEnd());
    RgbImage image = new BmpImage(file, colors, offset).decode(background);
    if (header.bits() == 32) {
      return image;
    }
    int mask = offset + stride(header.bits()) * height;
    int stride = stride(1);
    if ((long) mask + (long) stride * height > file.length) {
      throw BmpHeader.truncated("ICO", file);
    }
    byte[] pixels = Arrays.copyOf(image.pixels(), image.pixels().length);
    for (int y = 0; y < height; y++) {
      int row = mask + stride * (height - 1 - y);
      for (int x = 0; x < width; x++) {
        if ((file[row + (x >> 3)] >> (7 - (x & 7)) & 1) == 1) {
          background.compose(pixels, 3 * (y * width + x), 0, 0, 0, 0);
        }
      }
    }
    return new RgbImage(width, height, pixels);
  }

  private int stride(int bits) {
    return (header.width() * bits + 31) / 32 * 4;
  }
}
