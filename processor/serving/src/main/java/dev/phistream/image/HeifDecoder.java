package dev.phistream.image;

/** Reads AVIF and HEIC files through the host's libheif: the primary image. */
final class HeifDecoder implements FormatDecoder {
  private final ImageFormat format;

  HeifDecoder(ImageFormat format) {
    this.format = format;
  }

  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    LibHeif heif = LibHeif.instance(Unsupported.seen(encoded));
    try (LibHeif.Primary image = heif.open(encoded)) {
      return new HeifImage(
          encoded,
          format,
          image.width(),
          image.height(),
          image.hasAlpha(),
          image.orientationOfXmp());
    }
  }

  /**
   * An image whose boxes have been read.
   *
   * @param orientation from XMP; turns that the file's own properties ask for are libheif's work
   */
  @SuppressWarnings("ArrayRecordComponent") // the encoded file
  private record HeifImage(
      byte[] file,
      ImageFormat format,
      int width,
      int height,
      boolean alpha,
      Orientation orientation)
      implements EncodedImage {
    /** The result, libheif's interleaved image, its planes in 16 bits, and JNA's copies. */
    private static final int BYTES_PER_PIXEL = 20;

    @Override
    public DecodeCost cost() {
      return DecodeCost.perPixel(format, width, height, BYTES_PER_PIXEL);
    }

    @Override
    public RgbImage decode(Background background) throws ImageException {
      LibHeif heif = LibHeif.instance(Unsupported.seen(file));
      try (LibHeif.Primary image = heif.open(file)) {
        return image.decode(alpha, background);
      }
    }
  }
}
