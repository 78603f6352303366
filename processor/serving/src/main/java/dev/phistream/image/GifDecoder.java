package dev.phistream.image;

/** Reads GIF files: the first frame, placed on the logical screen as Pillow does. */
final class GifDecoder implements FormatDecoder {
  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    return new GifImage(encoded, GifHeader.of(encoded));
  }
}
