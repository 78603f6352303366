package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.util.Arrays;

/** Reads Windows icons: the largest image, and of several the one with the fewest colours. */
final class IcoDecoder implements FormatDecoder {
  private static final int HEADER = 6;
  private static final int ENTRY = 16;

  private final FormatDecoder png = new PngDecoder();

  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    int count = Bytes.uint16(encoded, 4, false);
    if (count == 0 || encoded.length < HEADER + ENTRY * count) {
      throw new ImageException(
          Code.UNDECODABLE, "ICO: " + count + " images in " + encoded.length + " bytes");
    }
    int best = HEADER;
    for (int at = HEADER; at < HEADER + ENTRY * count; at += ENTRY) {
      int area = Integer.compare(area(encoded, at), area(encoded, best));
      if (area > 0 || (area == 0 && depth(encoded, at) < depth(encoded, best))) {
        best = at;
      }
    }
    long start = Bytes.uint32(encoded, best + 12, false);
    long end = Math.min(encoded.length, start + Bytes.uint32(encoded, best + 8, false));
    if (start >= end) {
      throw BmpHeader.truncated("ICO", encoded);
    }
    byte[] image = Arrays.copyOfRange(encoded, (int) start, (int) end);
    return ImageFormat.detect(image) == ImageFormat.PNG ? png.open(image) : bitmap(image);
  }

  private static EncodedImage bitmap(byte[] image) throws ImageException {
    BmpHeader header = BmpHeader.of(image, 0, "ICO");
    if (header.compression() != BmpHeader.RAW) {
      throw new ImageException(
          Code.UNSUPPORTED, "ICO: compression " + header.compression() + " (expected: 0)");
    }
    // The mask counts as rows of the bitmap.
    return new IcoImage(image, header, header.height() / 2);
  }

  private static int area(byte[] file, int entry) {
    return side(file[entry]) * side(file[entry + 1]);
  }

  private static int side(byte value) {
    return value == 0 ? 256 : value & 0xff;
  }

  private static int depth(byte[] file, int entry) {
    int bits = Bytes.uint16(file, entry + 6, false);
    int colors = Bytes.uint8(file, entry + 2);
    return bits > 0 ? bits : colors == 0 ? 256 : 32 - Integer.numberOfLeadingZeros(colors - 1);
  }
}
