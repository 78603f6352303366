package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/** The first frame of a WebP file on its canvas. libwebp decodes it. */
final class WebpImage implements EncodedImage {
  /** Result, libwebp's output and JNA's copy of it, for lossy frames without alpha. */
  private static final int PLAIN_BYTES = 9;

  /** As above with four channels, and what libwebp holds of a lossless frame or an alpha plane. */
  private static final int ALPHA_BYTES = 16;

  /**
   * A frame as the file stores it.
   *
   * @param left its first column on the canvas
   * @param top its first row on the canvas
   * @param width in pixels
   * @param height in pixels
   * @param lossless whether it is VP8L, not VP8
   * @param alpha whether it has transparent pixels
   * @param start of its chunks in the file, the alpha's first
   * @param image start of the chunk with its colours
   * @param end of its chunks
   */
  record Frame(
      int left,
      int top,
      int width,
      int height,
      boolean lossless,
      boolean alpha,
      int start,
      int image,
      int end) {}

  private final byte[] file;
  private final int width;
  private final int height;
  private final boolean alpha;
  private final Frame frame;
  private final Orientation orientation;

  /**
   * Describes an image.
   *
   * @param alpha whether the canvas may be transparent; alpha of a frame counts only then
   */
  WebpImage(
      byte[] file, int width, int height, boolean alpha, Frame frame, Orientation orientation) {
    this.file = file;
    this.width = width;
    this.height = height;
    this.alpha = alpha;
    this.frame = frame;
    this.orientation = orientation;
  }

  @Override
  public DecodeCost cost() {
    int bytes = frame.lossless() || frame.alpha() ? ALPHA_BYTES : PLAIN_BYTES;
    return DecodeCost.perPixel(ImageFormat.WEBP, width, height, bytes);
  }

  @Override
  public Orientation orientation() {
    return orientation;
  }

  @Override
  public RgbImage decode(Background background) throws ImageException {
    LibWebp webp = LibWebp.instance();
    int channels = alpha && frame.alpha() ? 4 : 3;
    byte[] samples = new byte[channels * frame.width() * frame.height()];
    byte[] still = still();
    boolean decoded =
        channels == 4
            ? webp.rgba(still, samples, channels * frame.width())
            : webp.rgb(still, samples, channels * frame.width());
    if (!decoded) {
      throw new ImageException(Code.UNDECODABLE, "WebP: damaged image data");
    }
    if (channels == 3 && frame.width() == width && frame.height() == height) {
      return new RgbImage(width, height, samples);
    }
    return new RgbImage(width, height, onCanvas(samples, channels, background));
  }

  private byte[] onCanvas(byte[] samples, int channels, Background background) {
    byte[] pixels = new byte[3 * width * height];
    if (frame.width() != width || frame.height() != height) {
      Background behind = alpha ? background : new Background(0);
      for (int i = 0; i < pixels.length; i += 3) {
        behind.compose(pixels, i, 0, 0, 0, 0);
      }
    }
    int source = 0;
    for (int y = 0; y < frame.height(); y++) {
      int target = 3 * (width * (frame.top() + y) + frame.left());
      for (int x = 0; x < frame.width(); x++, target += 3, source += channels) {
        background.compose(
            pixels,
            target,
            samples[source] & 0xff,
            samples[source + 1] & 0xff,
            samples[source + 2] & 0xff,
            channels == 4 ? samples[source + 3] & 0xff : 255);
      }
    }
    return pixels;
  }

  /** The frame as a file of its own. */
  private byte[] still() {
    boolean extended = frame.start() < frame.image();
    int header = extended ? 30 : 12;
    int length = frame.end() - frame.start();
    int padding = length & 1;
    byte[] still = new byte[header + length + padding];
    put(still, 0, "RIFF");
    putInt(still, 4, still.length - 8);
    put(still, 8, "WEBP");
    if (extended) {
      put(still, 12, "VP8X");
      putInt(still, 16, 10);
      still[20] = 0x10;
      put24(still, 24, frame.width() - 1);
      put24(still, 27, frame.height() - 1);
    }
    System.arraycopy(file, frame.start(), still, header, length);
    return still;
  }

  private static void put(byte[] bytes, int at, String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      bytes[at + i] = (byte) ascii.charAt(i);
    }
  }

  private static void putInt(byte[] bytes, int at, int value) {
    put24(bytes, at, value);
    bytes[at + 3] = (byte) (value >> 24);
  }

  private static void put24(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) (value >> 16);
  }
}
