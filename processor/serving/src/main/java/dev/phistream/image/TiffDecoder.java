package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/** Reads the first image of TIFF and BigTIFF files (TIFF 6.0 and libtiff's compressions). */
final class TiffDecoder implements FormatDecoder {
  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    TiffDirectory directory = TiffDirectory.of(encoded);
    int compression = directory.small(TiffDirectory.COMPRESSION, TiffCompression.NONE);
    if (compression == TiffCompression.CCITT_RLE
        || compression == TiffCompression.CCITT_T4
        || compression == TiffCompression.CCITT_T6
        || compression == TiffCompression.OLD_JPEG) {
      return compression == TiffCompression.OLD_JPEG
          ? TiffOldJpeg.open(encoded, directory)
          : new PluginImage(encoded, directory);
    }
    if (!TiffCompression.isKnown(compression)) {
      throw new ImageException(Code.UNSUPPORTED, "TIFF: compression " + compression);
    }
    return new TiffImage(encoded, directory, TiffLayout.of(encoded, directory), compression);
  }
}
