package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.util.Arrays;

/**
 * The first frame of a GIF. What the frame leaves open of the screen has the transparent colour, or
 * the palette's first.
 */
final class GifImage implements EncodedImage {
  private static final int[] PASS_STARTS = {0, 4, 2, 1};
  private static final int[] PASS_STEPS = {8, 8, 4, 2};

  private final byte[] file;
  private final GifHeader header;
  private final int width;
  private final int height;

  GifImage(byte[] file, GifHeader header) {
    this.file = file;
    this.header = header;
    // A frame may be larger than the screen that the file announces.
    this.width = Math.max(header.screenWidth(), header.left() + header.frameWidth());
    this.height = Math.max(header.screenHeight(), header.top() + header.frameHeight());
  }

  @Override
  public DecodeCost cost() {
    // An index and three bytes of colour.
    return DecodeCost.perPixel(ImageFormat.GIF, width, height, 1 + DecodeCost.RGB);
  }

  @Override
  public Orientation orientation() {
    return Orientation.NORMAL;
  }

  @Override
  public RgbImage decode(Background background) throws ImageException {
    byte[] indices = new byte[header.frameWidth() * header.frameHeight()];
    if (indices.length == 0) {
      throw new ImageException(Code.UNDECODABLE, "GIF: an empty frame");
    }
    GifData.decode(file, header.dataStart(), indices);
    byte[] colors = colors(background);
    byte[] pixels = new byte[3 * width * height];
    int empty = Math.max(0, header.transparent());
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width && !covers(y, 0, width); x++) {
        System.arraycopy(colors, 3 * empty, pixels, 3 * (width * y + x), 3);
      }
    }
    int row = 0;
    for (int pass = 0; pass < (header.interlaced() ? PASS_STEPS.length : 1); pass++) {
      int step = header.interlaced() ? PASS_STEPS[pass] : 1;
      int start = header.interlaced() ? PASS_STARTS[pass] : 0;
      for (int y = start; y < header.frameHeight(); y += step, row++) {
        int target = 3 * (width * (header.top() + y) + header.left());
        int source = row * header.frameWidth();
        for (int x = 0; x < header.frameWidth(); x++, target += 3) {
          int color = 3 * (indices[source + x] & 0xff);
          pixels[target] = colors[color];
          pixels[target + 1] = colors[color + 1];
          pixels[target + 2] = colors[color + 2];
        }
      }
    }
    return new RgbImage(width, height, pixels);
  }

  /** Whether the frame covers these columns of a row. */
  private boolean covers(int y, int from, int to) {
    return y >= header.top()
        && y < header.top() + header.frameHeight()
        && from >= header.left()
        && to <= header.left() + header.frameWidth();
  }

  /** Red, green and blue per index, over the background. */
  private byte[] colors(Background background) {
    byte[] colors = new byte[3 * 256];
    int[] palette = Arrays.copyOf(header.palette(), 256);
    for (int i = 0; i < palette.length; i++) {
      int color = palette[i];
      background.compose(
          colors,
          3 * i,
          color >> 16 & 0xff,
          color >> 8 & 0xff,
          color & 0xff,
          i == header.transparent() ? 0 : 255);
    }
    return colors;
  }
}
