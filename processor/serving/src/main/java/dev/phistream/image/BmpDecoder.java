package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.util.Arrays;

/** Reads bitmap files of Windows and OS/2; one that embeds a JPEG or PNG is as that file is. */
final class BmpDecoder implements FormatDecoder {
  private static final int FILE_HEADER = 14;

  private final FormatDecoder jpeg;
  private final FormatDecoder png;

  /** Creates a reader that hands embedded files to these. */
  BmpDecoder(FormatDecoder jpeg, FormatDecoder png) {
    this.jpeg = jpeg;
    this.png = png;
  }

  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    BmpHeader header = BmpHeader.of(encoded, FILE_HEADER, "BMP");
    long stored = Bytes.uint32(encoded, 10, false);
    // Some writers forget to count the palette, or the headers as well.
    boolean forgotten = stored == 0 || (header.palette().length > 0 && stored == header.end());
    long offset = forgotten ? header.paletteEnd() : stored;
    if (offset > encoded.length) {
      throw new ImageException(
          Code.TRUNCATED, "BMP: ends before its pixels, at byte " + encoded.length);
    }
    return switch (header.compression()) {
      case BmpHeader.JPEG -> jpeg.open(embedded(encoded, offset, ImageFormat.JPEG));
      case BmpHeader.PNG -> png.open(embedded(encoded, offset, ImageFormat.PNG));
      default -> new BmpImage(encoded, header, (int) offset);
    };
  }

  private static byte[] embedded(byte[] encoded, long offset, ImageFormat expected)
      throws ImageException {
    byte[] file = Arrays.copyOfRange(encoded, (int) offset, encoded.length);
    if (ImageFormat.detect(file) != expected) {
      throw new ImageException(
          Code.UNDECODABLE, "BMP: no " + expected + " at byte " + offset + " (expected: one)");
    }
    return file;
  }
}
