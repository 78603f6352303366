package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The first frame of a GIF through the JDK's reader, placed on the logical screen as Pillow does:
 * what the frame leaves open has the transparent colour, or the palette's first.
 */
final class GifDecoder implements FormatDecoder {
  private final DecodeLimits limits;
  private final ImageReaderSpi provider = Readers.jdk("gif");

  GifDecoder(DecodeLimits limits) {
    this.limits = limits;
  }

  static boolean matches(byte[] bytes) {
    return Magic.at(bytes, 0, "GIF87a") || Magic.at(bytes, 0, "GIF89a");
  }

  @Override
  public Stored decode(byte[] encoded) throws ImageException, IOException {
    GifHeader header = GifHeader.of(encoded);
    limits.checkSize(header.frameWidth(), header.frameHeight());
    // A frame may be larger than the screen that the file announces.
    int width = Math.max(header.screenWidth(), header.left() + header.frameWidth());
    int height = Math.max(header.screenHeight(), header.top() + header.frameHeight());
    limits.checkSize(width, height);

    EncodedInput input = new EncodedInput(encoded);
    ImageReader reader = provider.createReaderInstance();
    Raster frame;
    try {
      reader.setInput(input, true, true);
      frame = reader.read(0).getRaster();
    } catch (IOException | RuntimeException e) {
      input.checkExhausted(e);
      throw e;
    } finally {
      reader.dispose();
    }
    if (frame.getWidth() != header.frameWidth() || frame.getHeight() != header.frameHeight()) {
      throw new ImageException(Code.UNDECODABLE, "GIF: contradictory frame sizes");
    }
    byte[] image = Rasters.indexed(frame, header.palette());
    return new Stored(
        new RgbImage(width, height, onScreen(image, header, width, height)), Orientation.NORMAL);
  }

  private static byte[] onScreen(byte[] frame, GifHeader header, int width, int height) {
    if (header.frameWidth() == width && header.frameHeight() == height) {
      return frame;
    }
    byte[] screen = new byte[3 * width * height];
    int background = header.background();
    byte[] row = new byte[3 * width];
    for (int i = 0; i < row.length; i += 3) {
      row[i] = (byte) (background >> 16);
      row[i + 1] = (byte) (background >> 8);
      row[i + 2] = (byte) background;
    }
    int stride = 3 * header.frameWidth();
    for (int y = 0; y < height; y++) {
      System.arraycopy(row, 0, screen, 3 * width * y, row.length);
      int source = y - header.top();
      if (source >= 0 && source < header.frameHeight()) {
        System.arraycopy(frame, stride * source, screen, 3 * (width * y + header.left()), stride);
      }
    }
    return screen;
  }
}
