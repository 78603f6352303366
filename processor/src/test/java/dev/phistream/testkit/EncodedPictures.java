package dev.phistream.testkit;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Small seeded pictures: slopes of colour with noise on them, encoded by the JDK's writers. */
public final class EncodedPictures {
  private EncodedPictures() {}

  /** A picture of its own for each seed. */
  public static BufferedImage scene(int width, int height, long seed) {
    return draw(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), seed);
  }

  /** The same in grey. */
  public static BufferedImage grayScene(int width, int height, long seed) {
    return draw(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), seed);
  }

  /** A picture as a file of a format that the JDK writes: jpeg, png, gif, bmp or tiff. */
  public static byte[] encoded(BufferedImage picture, String format) {
    return write(picture, format, false);
  }

  /** A picture as a progressive JPEG file. */
  public static byte[] progressiveJpeg(BufferedImage picture) {
    return write(picture, "jpeg", true);
  }

  /** A baseline JPEG file. */
  public static byte[] jpeg(int width, int height, long seed) {
    return encoded(scene(width, height, seed), "jpeg");
  }

  /** A PNG file. */
  public static byte[] png(int width, int height, long seed) {
    return encoded(scene(width, height, seed), "png");
  }

  private static BufferedImage draw(BufferedImage picture, long seed) {
    Random random = new Random(seed);
    int tint = random.nextInt(256);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int red = 255 * x / picture.getWidth();
        int green = 255 * y / picture.getHeight();
        int blue = (tint + random.nextInt(32)) & 0xff;
        picture.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return picture;
  }

  private static byte[] write(BufferedImage picture, String format, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (progressive) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
