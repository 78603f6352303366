package dev.phistream.bench;

import dev.phistream.bench.peer.ImageInput;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** What one writes without a library: ImageIO, and bicubic interpolation by Java 2D. */
final class PlainImageIo implements ImageInput {
  PlainImageIo() {
    ImageIO.setUseCache(false);
  }

  @Override
  public byte[] of(byte[] file) throws IOException {
    BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(file));
    if (decoded == null) {
      throw new IOException("ImageIO has no reader for it");
    }
    double scale = (double) SHORT_EDGE / Math.min(decoded.getWidth(), decoded.getHeight());
    int width = (int) (decoded.getWidth() * scale);
    int height = (int) (decoded.getHeight() * scale);
    BufferedImage input = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = input.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(decoded, (SIZE - width) / 2, (SIZE - height) / 2, width, height, null);
    graphics.dispose();
    return ((DataBufferByte) input.getRaster().getDataBuffer()).getData();
  }
}
