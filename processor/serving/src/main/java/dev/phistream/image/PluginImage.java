package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.ImageReaderSpi;

/** A TIFF file that TwelveMonkeys' reader decodes. */
final class PluginImage implements EncodedImage {
  private static final ImageReaderSpi PROVIDER = Readers.twelveMonkeys("tiff");

  /** Samples × bytes that one pixel may take: 16-bit CMYK with alpha and some to spare. */
  private static final int MOST_BITS_PER_PIXEL = 128;

  private final byte[] encoded;
  private final int width;
  private final int height;
  private final Orientation orientation;

  PluginImage(byte[] encoded, TiffDirectory directory) throws ImageException {
    this.encoded = encoded;
    this.width = directory.small(TiffDirectory.WIDTH, 0);
    this.height = directory.small(TiffDirectory.HEIGHT, 0);
    this.orientation = directory.orientation();
  }

  @Override
  public DecodeCost cost() {
    return DecodeCost.perPixel(
        ImageFormat.TIFF, width, height, DecodeCost.RGB + MOST_BITS_PER_PIXEL / 8);
  }

  @Override
  public Orientation orientation() {
    return orientation;
  }

  @Override
  public RgbImage decode(Background background) throws ImageException, IOException {
    EncodedInput input = new EncodedInput(encoded);
    ImageReader reader = PROVIDER.createReaderInstance();
    try {
      reader.setInput(input, true, true);
      if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
        throw new ImageException(Code.UNDECODABLE, "TIFF: contradictory sizes");
      }
      ImageTypeSpecifier type = reader.getRawImageType(0);
      int bits = type == null ? 0 : bitsPerPixel(type);
      if (bits > MOST_BITS_PER_PIXEL) {
        throw new ImageException(
            Code.TOO_LARGE,
            "bits per pixel: " + bits + " (expected: <= " + MOST_BITS_PER_PIXEL + ")");
      }
      return Rasters.rgb(reader.read(0));
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
