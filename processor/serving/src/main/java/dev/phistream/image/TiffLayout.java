package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.util.Arrays;

/**
 * How a TIFF file stores its first image.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bits of each sample
 * @param samples per pixel
 * @param format of the samples: 1 unsigned, 2 signed, 3 floating-point
 * @param photometric what the samples mean (TIFF 6.0, tag 262)
 * @param alpha what the sample behind the colours means
 * @param planar whether each sample has blocks of its own
 * @param blockWidth pixels in a row of a strip or tile
 * @param blockHeight rows of a strip or tile
 * @param offsets of the strips or tiles in the file
 * @param counts bytes of the strips or tiles
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of strips
record TiffLayout(
    int width,
    int height,
    int bits,
    int samples,
    int format,
    int photometric,
    Alpha alpha,
    boolean planar,
    int blockWidth,
    int blockHeight,
    long[] offsets,
    long[] counts) {
  static final int WHITE_IS_ZERO = 0;
  static final int BLACK_IS_ZERO = 1;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int MASK = 4;
  static final int SEPARATED = 5;
  static final int YCBCR = 6;
  static final int LAB = 8;

  static final int UNSIGNED = 1;
  static final int SIGNED = 2;
  static final int FLOAT = 3;

  private static final int MOST_SAMPLES = 16;

  /** What the first sample behind the colours means. */
  enum Alpha {
    /** There is none, or it is something else. */
    NONE,
    /** The colours are multiplied by it. */
    ASSOCIATED,
    /** The colours are not. */
    UNASSOCIATED
  }

  /**
   * Reads the layout.
   *
   * @throws ImageException if it is contradictory, or of a kind that is not decoded here
   */
  static TiffLayout of(byte[] file, TiffDirectory directory) throws ImageException {
    int width = directory.small(TiffDirectory.WIDTH, 0);
    int height = directory.small(TiffDirectory.HEIGHT, 0);
    int samples = directory.small(TiffDirectory.SAMPLES_PER_PIXEL, 1);
    if (samples < 1 || samples > MOST_SAMPLES) {
      throw new ImageException(
          Code.UNSUPPORTED, "TIFF: " + samples + " samples per pixel (expected: 1 to 16)");
    }
    int photometric = directory.small(TiffDirectory.PHOTOMETRIC, WHITE_IS_ZERO);
    boolean tiled = directory.has(TiffDirectory.TILE_OFFSETS);
    int blockWidth = tiled ? directory.small(TiffDirectory.TILE_WIDTH, 0) : width;
    long rows =
        tiled
            ? directory.small(TiffDirectory.TILE_HEIGHT, 0)
            : Math.min(directory.value(TiffDirectory.ROWS_PER_STRIP, height), height);
    if (blockWidth < 1 || rows < 1 || rows > Integer.MAX_VALUE) {
      throw new ImageException(
          Code.UNDECODABLE, "TIFF: strips or tiles of " + blockWidth + "x" + rows + " pixels");
    }
    long[] offsets =
        directory.values(tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS);
    long[] counts =
        directory.values(tiled ? TiffDirectory.TILE_BYTE_COUNTS : TiffDirectory.STRIP_BYTE_COUNTS);
    TiffLayout layout =
        new TiffLayout(
            width,
            height,
            bits(directory, samples),
            samples,
            format(directory),
            photometric,
            alpha(directory, photometric, samples),
            directory.value(TiffDirectory.PLANAR_CONFIGURATION, 1) == 2 && samples > 1,
            blockWidth,
            (int) rows,
            offsets,
            counts(file, offsets, counts));
    if (layout.blocks() > offsets.length) {
      throw new ImageException(
          Code.UNDECODABLE,
          "TIFF: " + offsets.length + " strips or tiles (expected: " + layout.blocks() + ")");
    }
    return layout;
  }

  int across() {
    return (int) (((long) width + blockWidth - 1) / blockWidth);
  }

  int down() {
    return (int) (((long) height + blockHeight - 1) / blockHeight);
  }

  /** How many strips or tiles make up the image. */
  long blocks() {
    return (long) across() * down() * (planar ? samples : 1);
  }

  /** Samples that one strip or tile has of a pixel. */
  int blockSamples() {
    return planar ? 1 : samples;
  }

  /** Bytes of a row of one strip or tile. */
  long rowBytes() {
    return ((long) blockWidth * blockSamples() * bits + 7) / 8;
  }

  /** How many samples are colours. */
  int colors() {
    return switch (photometric) {
      case RGB, YCBCR, LAB -> 3;
      case SEPARATED -> 4;
      default -> 1;
    };
  }

  private static int bits(TiffDirectory directory, int samples) throws ImageException {
    long[] bits = directory.values(TiffDirectory.BITS_PER_SAMPLE);
    if (bits.length == 0) {
      return 1;
    }
    // Some writers give one number for all samples.
    for (int i = 1; i < Math.min(samples, bits.length); i++) {
      if (bits[i] != bits[0]) {
        throw new ImageException(
            Code.UNSUPPORTED, "TIFF: bits per sample " + Arrays.toString(bits));
      }
    }
    if (bits[0] < 1 || bits[0] > 64) {
      throw new ImageException(Code.UNSUPPORTED, "TIFF: " + bits[0] + " bits per sample");
    }
    return (int) bits[0];
  }

  private static int format(TiffDirectory directory) throws ImageException {
    long format = directory.value(TiffDirectory.SAMPLE_FORMAT, UNSIGNED);
    if (format == 4 || format == 0) {
      return UNSIGNED;
    }
    if (format > FLOAT) {
      throw new ImageException(
          Code.UNSUPPORTED, "TIFF: sample format " + format + " (expected: 1 to 3)");
    }
    return (int) format;
  }

  /** By Pillow's rules: a fourth sample beside RGB that nothing is said on is alpha. */
  private static Alpha alpha(TiffDirectory directory, int photometric, int samples) {
    int colors = photometric == RGB ? 3 : 1;
    boolean mayHave = photometric <= PALETTE && samples > colors;
    long[] extra = directory.values(TiffDirectory.EXTRA_SAMPLES);
    if (!mayHave) {
      return Alpha.NONE;
    }
    if (extra.length == 0) {
      return photometric == RGB && samples == 4 ? Alpha.UNASSOCIATED : Alpha.NONE;
    }
    return extra[0] == 1 ? Alpha.ASSOCIATED : extra[0] == 0 ? Alpha.NONE : Alpha.UNASSOCIATED;
  }

  /** Completes byte counts that a file leaves out, and refuses blocks that share bytes. */
  private static long[] counts(byte[] file, long[] offsets, long[] stored) throws ImageException {
    long[] counts = new long[offsets.length];
    long sum = 0;
    for (int i = 0; i < counts.length; i++) {
      long rest = Math.max(0, file.length - offsets[i]);
      counts[i] = Math.min(rest, i < stored.length && stored[i] > 0 ? stored[i] : rest);
      sum += counts[i];
    }
    if (sum > 2L * file.length && stored.length == offsets.length) {
      throw new ImageException(
          Code.UNDECODABLE,
          "TIFF: strips or tiles of " + sum + " bytes in a file of " + file.length);
    }
    return counts;
  }
}
