package dev.phistream.image;

import java.util.Optional;

/**
 * Reads JPEG files: baseline, extended and progressive Huffman, grey, YCbCr, RGB, CMYK and YCCK.
 */
final class JpegDecoder implements FormatDecoder {
  private final Optional<TurboJpeg> turbo;
  private final NativeBuffers buffers = new NativeBuffers();

  /**
   * Creates a decoder.
   *
   * @param turbo decodes where it is present
   */
  JpegDecoder(Optional<TurboJpeg> turbo) {
    this.turbo = turbo;
  }

  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    JpegHeader header = JpegHeader.of(encoded);
    JpegImage image = new JpegImage(encoded.length, header, header.colorModel());
    return turbo.isPresent() && TurboJpegImage.supports(header.colorModel())
        ? new TurboJpegImage(turbo.get(), buffers, header, image)
        : image;
  }
}
