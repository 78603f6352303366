package dev.phistream.drawing;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Images that the program draws: one {@link Subject} each before a random background, amid clutter,
 * as a poor camera would take it. A image is a function of seed, index and size alone. Thread-safe.
 */
public final class SyntheticImages {
  private static final int LEAST_EDGE = 160;
  private static final int MOST_EDGE = 320;
  private static final double WORST_JPEG = 0.25;
  private static final double BEST_JPEG = 0.92;

  private final long seed;

  /** Images of a seed. */
  public SyntheticImages(long seed) {
    this.seed = seed;
  }

  /** What a image shows: the subjects take turns. */
  public static Subject subject(long index) {
    return Subject.ALL.get(label(index));
  }

  /** The number of its class. */
  static int label(long index) {
    return Math.floorMod(index, Subject.ALL.size());
  }

  /** A image as a JPEG file of a size that varies with the index. */
  public byte[] jpeg(long index) {
    Random sizes = random(~index);
    int shorter = LEAST_EDGE + sizes.nextInt(MOST_EDGE - LEAST_EDGE + 1);
    int longer = (int) (shorter * (1 + sizes.nextDouble() / 2));
    return sizes.nextInt(3) == 0 ? jpeg(index, shorter, longer) : jpeg(index, longer, shorter);
  }

  /** A image as a JPEG file of a given size. */
  public byte[] jpeg(long index, int width, int height) {
    Random random = random(index);
    BufferedImage image = draw(subject(index), random, width, height);
    new Camera(random).take(image);
    double quality = WORST_JPEG + random.nextDouble() * (BEST_JPEG - WORST_JPEG);
    return encode(image, (float) quality);
  }

  /** Mixes seed and index as SplitMix64 does, so that neighbours have nothing in common. */
  private Random random(long index) {
    long z = seed * 0x9e3779b97f4a7c15L + index * 0xd1342543de82ef95L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return new Random(z ^ (z >>> 31));
  }

  private static BufferedImage draw(Subject subject, Random random, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Color background = Background.paint(image, random);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    Clutter clutter = new Clutter(graphics, random, width, height);
    clutter.behind(background);
    Graphics2D own = (Graphics2D) graphics.create();
    place(own, random, width, height);
    subject.paint(new Pencil(own, Palette.against(background, random), random));
    own.dispose();
    clutter.inFront();
    graphics.dispose();
    return image;
  }

  /** Keeps the subject within the middle square, which is what networks get to see. */
  private static void place(Graphics2D graphics, Random random, int width, int height) {
    double half = Math.min(width, height) / 2.0;
    double size = 0.6 + random.nextDouble() * 0.36;
    double room = 1.05 - size;
    graphics.translate(
        width / 2.0 + half * room * (2 * random.nextDouble() - 1),
        height / 2.0 + half * room * (2 * random.nextDouble() - 1));
    double tilt = random.nextGaussian() * 13;
    graphics.rotate(Math.toRadians(tilt));
    double mirrored = random.nextBoolean() ? -1 : 1;
    double stretch = 0.85 + random.nextDouble() * 0.3;
    graphics.shear(0.2 * (random.nextDouble() - 0.5), 0);
    graphics.scale(mirrored * half * size * stretch, half * size / stretch);
  }

  private static byte[] encode(BufferedImage image, float quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality);
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
