package dev.phistream.drawing;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Many synthetic images in one: the first half of the classes above, the others below. */
public final class ContactSheet {
  private static final int ROWS = 4;
  private static final int SIDE = 120;

  private ContactSheet() {}

  /** Writes the one of the model card as JPEG. */
  public static void write(Path file) throws IOException {
    BufferedImage sheet = of(new SyntheticImages(Seeds.CONTACT_SHEET), ROWS, SIDE);
    try (OutputStream out = Files.newOutputStream(file)) {
      ImageIO.write(sheet, "jpeg", out);
    }
  }

  /**
   * Lays images out.
   *
   * @param rows images of each class
   * @param side of each, in pixels
   */
  static BufferedImage of(SyntheticImages images, int rows, int side) throws IOException {
    int columns = Subject.ALL.size() / 2;
    BufferedImage sheet =
        new BufferedImage(columns * side, 2 * rows * side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    for (int i = 0; i < 2 * columns * rows; i++) {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(images.jpeg(i, side, side)));
      int subject = i % (2 * columns);
      int row = i / (2 * columns) + rows * (subject / columns);
      graphics.drawImage(image, subject % columns * side, row * side, null);
    }
    graphics.dispose();
    return sheet;
  }
}
