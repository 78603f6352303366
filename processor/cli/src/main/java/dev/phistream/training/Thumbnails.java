package dev.phistream.training;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Small copies of images for a page, in the page itself. */
final class Thumbnails {
  private static final int SIDE = 144;

  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
  private final Preprocessor preprocessor = new Preprocessor(Preprocessing.imagenet(SIDE, 1));

  /** The middle of an image as a data URI; empty if the image is not readable any more. */
  String of(LabelledFile file) {
    try {
      byte[] pixels = preprocessor.apply(decoder.decode(file.content().read()));
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      int plane = SIDE * SIDE;
      for (int i = 0; i < plane; i++) {
        int rgb =
            ((pixels[i] & 0xff) << 16)
                | ((pixels[plane + i] & 0xff) << 8)
                | (pixels[2 * plane + i] & 0xff);
        image.setRGB(i % SIDE, i / SIDE, rgb);
      }
      ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
      ImageIO.write(image, "jpg", jpeg);
      return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg.toByteArray());
    } catch (IOException | ImageException e) {
      return "";
    }
  }
}
