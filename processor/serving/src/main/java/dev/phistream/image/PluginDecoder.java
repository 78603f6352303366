package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.ImageReaderSpi;

/** BMP, TIFF and WebP through TwelveMonkeys' readers: the first image of the file. */
final class PluginDecoder implements FormatDecoder {
  /** Samples × bytes that one pixel may take: 16-bit CMYK with alpha and some to spare. */
  private static final int MOST_BITS_PER_PIXEL = 128;

  /** Where a format keeps its orientation, if it has one. */
  @FunctionalInterface
  interface OrientationReader {
    Orientation of(byte[] encoded);
  }

  private final DecodeLimits limits;
  private final ImageReaderSpi provider;
  private final OrientationReader orientation;

  PluginDecoder(DecodeLimits limits, ImageReaderSpi provider, OrientationReader orientation) {
    this.limits = limits;
    this.provider = provider;
    this.orientation = orientation;
  }

  @Override
  public Stored decode(byte[] encoded) throws ImageException, IOException {
    EncodedInput input = new EncodedInput(encoded);
    ImageReader reader = provider.createReaderInstance();
    try {
      reader.setInput(input, true, true);
      limits.checkSize(reader.getWidth(0), reader.getHeight(0));
      ImageTypeSpecifier type = reader.getRawImageType(0);
      int bits = type == null ? 0 : bitsPerPixel(type);
      if (bits > MOST_BITS_PER_PIXEL) {
        throw new ImageException(
            Code.TOO_LARGE,
            "bits per pixel: " + bits + " (expected: <= " + MOST_BITS_PER_PIXEL + ")");
      }
      return new Stored(Rasters.rgb(reader.read(0)), orientation.of(encoded));
    } catch (IOException | RuntimeException e) {
      input.checkExhausted(e);
      throw e;
    } finally {
      reader.dispose();
    }
  }

  private static int bitsPerPixel(ImageTypeSpecifier type) {
    int bits = 0;
    for (int band = 0; band < type.getNumBands(); band++) {
      bits += type.getBitsPerBand(band);
    }
    return bits;
  }
}
