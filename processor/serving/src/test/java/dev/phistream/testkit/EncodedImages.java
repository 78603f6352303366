package dev.phistream.testkit;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageOutputStream;
import org.w3c.dom.Element;

/** Small seeded images: slopes of colour with noise on them, encoded by the JDK's writers. */
public final class EncodedImages {
  private EncodedImages() {}

  /** A image of its own for each seed. */
  public static BufferedImage scene(int width, int height, long seed) {
    return draw(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), seed);
  }

  /** The same in grey. */
  public static BufferedImage grayScene(int width, int height, long seed) {
    return draw(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), seed);
  }

  /** A image as a file of a format that the JDK writes: jpeg, png, gif, bmp or tiff. */
  public static byte[] encoded(BufferedImage image, String format) {
    return write(image, format, false);
  }

  /** A image as a progressive JPEG file. */
  public static byte[] progressiveJpeg(BufferedImage image) {
    return write(image, "jpeg", true);
  }

  /** A baseline JPEG file whose luminance has so many samples for one of chrominance. */
  public static byte[] subsampledJpeg(BufferedImage image, int horizontal, int vertical) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(
            ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
    Element tree = (Element) metadata.getAsTree("javax_imageio_jpeg_image_1.0");
    Element luminance = (Element) tree.getElementsByTagName("componentSpec").item(0);
    luminance.setAttribute("HsamplingFactor", String.valueOf(horizontal));
    luminance.setAttribute("VsamplingFactor", String.valueOf(vertical));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      metadata.setFromTree("javax_imageio_jpeg_image_1.0", tree);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, metadata), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** A baseline JPEG file. */
  public static byte[] jpeg(int width, int height, long seed) {
    return encoded(scene(width, height, seed), "jpeg");
  }

  /** A PNG file. */
  public static byte[] png(int width, int height, long seed) {
    return encoded(scene(width, height, seed), "png");
  }

  private static BufferedImage draw(BufferedImage image, long seed) {
    Random random = new Random(seed);
    int tint = random.nextInt(256);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int red = 255 * x / image.getWidth();
        int green = 255 * y / image.getHeight();
        int blue = (tint + random.nextInt(32)) & 0xff;
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  private static byte[] write(BufferedImage image, String format, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      if (progressive) {
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
