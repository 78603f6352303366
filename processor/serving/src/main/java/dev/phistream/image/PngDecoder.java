package dev.phistream.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/** PNG through the JDK's reader: all colour types and depths, the default image of an APNG. */
final class PngDecoder implements FormatDecoder {
  private final DecodeLimits limits;
  private final ImageReaderSpi provider = Readers.jdk("png");

  PngDecoder(DecodeLimits limits) {
    this.limits = limits;
  }

  @Override
  public Stored decode(byte[] encoded) throws ImageException, IOException {
    PngChunks chunks = PngChunks.of(encoded);
    limits.checkSize(chunks.width(), chunks.height());
    ImageReader reader = provider.createReaderInstance();
    try {
      reader.setInput(new EncodedInput(chunks.plainFile()), true, true);
      BufferedImage image = reader.read(0);
      RgbImage rgb =
          chunks.hasPalette()
              ? new RgbImage(
                  chunks.width(),
                  chunks.height(),
                  Rasters.indexed(image.getRaster(), chunks.palette()))
              : Rasters.rgb(image);
      return new Stored(rgb, chunks.orientation());
    } finally {
      reader.dispose();
    }
  }
}
