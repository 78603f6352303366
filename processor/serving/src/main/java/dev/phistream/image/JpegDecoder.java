package dev.phistream.image;

/**
 * Reads JPEG files: baseline, extended and progressive Huffman, grey, YCbCr, RGB, CMYK and YCCK.
 */
final class JpegDecoder implements FormatDecoder {
  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    JpegHeader header = JpegHeader.of(encoded);
    return new JpegImage(encoded.length, header, header.colorModel());
  }
}
