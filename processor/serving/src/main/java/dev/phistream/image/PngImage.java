package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The pixels of a PNG file. Rows are inflated, unfiltered (ISO/IEC 15948, clause 9) and written
 * straight into the result, so that the most memory is taken by the result itself whatever the
 * depth. 16 bits become the upper 8.
 */
final class PngImage implements EncodedImage {
  /** Part of the image data, in the file. */
  record Part(int start, int end) {}

  /** One of Adam7's passes: first column and row, and the steps to the next. */
  private record Pass(int x, int y, int stepX, int stepY) {}

  private static final List<Pass> WHOLE = List.of(new Pass(0, 0, 1, 1));

  private static final List<Pass> ADAM7 =
      List.of(
          new Pass(0, 0, 8, 8),
          new Pass(4, 0, 8, 8),
          new Pass(0, 4, 4, 8),
          new Pass(2, 0, 4, 4),
          new Pass(0, 2, 2, 4),
          new Pass(1, 0, 2, 2),
          new Pass(0, 1, 1, 2));

  private final byte[] file;
  private final PngHeader header;
  private final List<Part> data;
  private final Orientation orientation;

  PngImage(byte[] file, PngHeader header, List<Part> data, Orientation orientation) {
    this.file = file;
    this.header = header;
    this.data = data;
    this.orientation = orientation;
  }

  @Override
  public DecodeCost cost() {
    return DecodeCost.perPixel(ImageFormat.PNG, header.width(), header.height(), DecodeCost.RGB);
  }

  @Override
  public Orientation orientation() {
    return orientation;
  }

  @Override
  public RgbImage decode(Background background) throws ImageException {
    byte[] pixels = new byte[3 * header.width() * header.height()];
    Rows rows = new Rows();
    try {
      for (Pass pass : header.interlaced() ? ADAM7 : WHOLE) {
        decode(pass, rows, pixels, background);
      }
    } catch (DataFormatException e) {
      throw new ImageException(Code.UNDECODABLE, "PNG: damaged image data", e);
    } finally {
      rows.close();
    }
    return new RgbImage(header.width(), header.height(), pixels);
  }

  private void decode(Pass pass, Rows rows, byte[] pixels, Background background)
      throws ImageException, DataFormatException {
    int width = (header.width() - pass.x + pass.stepX - 1) / pass.stepX;
    int height = (header.height() - pass.y + pass.stepY - 1) / pass.stepY;
    if (width <= 0 || height <= 0) {
      return;
    }
    int bitsPerPixel = header.channels() * header.depth();
    byte[] row = new byte[(int) (((long) width * bitsPerPixel + 7) / 8)];
    byte[] above = new byte[row.length];
    int step = Math.max(1, bitsPerPixel / 8);
    for (int y = 0; y < height; y++) {
      rows.next(row, above, step);
      int target = 3 * ((pass.y + y * pass.stepY) * header.width() + pass.x);
      write(row, width, pixels, target, 3 * pass.stepX, background);
      byte[] last = above;
      above = row;
      row = last;
    }
  }

  private void write(
      byte[] row, int width, byte[] pixels, int target, int step, Background background) {
    int depth = header.depth();
    boolean keyed = header.transparent().length > 0;
    if (header.colorType() == PngHeader.RGB && depth == 8 && !keyed && step == 3) {
      System.arraycopy(row, 0, pixels, target, 3 * width);
      return;
    }
    int channels = header.channels();
    // The upper byte of each sample, which is the whole sample below 16 bits.
    int bytes = depth == 16 ? 2 : 1;
    for (int x = 0, at = target; x < width; x++, at += step) {
      int source = x * channels * bytes;
      switch (header.colorType()) {
        case PngHeader.INDEXED -> {
          int color = header.palette()[sample(row, x, depth)];
          background.compose(
              pixels, at, color >> 16 & 0xff, color >> 8 & 0xff, color & 0xff, color >>> 24);
        }
        case PngHeader.GRAY -> {
          int value = sample(row, x, depth);
          int gray =
              depth == 16
                  ? (value + 128) / 257
                  : depth == 8 ? value : value * 255 / ((1 << depth) - 1);
          // Pillow knows no transparent colour of 16 bits.
          int alpha = keyed && depth < 16 && value == header.transparent()[0] ? 0 : 255;
          background.compose(pixels, at, gray, gray, gray, alpha);
        }
        case PngHeader.RGB -> {
          boolean transparent =
              keyed
                  && sample(row, 3 * x, depth) == header.transparent()[0]
                  && sample(row, 3 * x + 1, depth) == header.transparent()[1]
                  && sample(row, 3 * x + 2, depth) == header.transparent()[2];
          background.compose(
              pixels,
              at,
              row[source] & 0xff,
              row[source + bytes] & 0xff,
              row[source + 2 * bytes] & 0xff,
              transparent ? 0 : 255);
        }
        case PngHeader.GRAY_ALPHA -> {
          int gray = row[source] & 0xff;
          background.compose(pixels, at, gray, gray, gray, row[source + bytes] & 0xff);
        }
        default ->
            background.compose(
                pixels,
                at,
                row[source] & 0xff,
                row[source + bytes] & 0xff,
                row[source + 2 * bytes] & 0xff,
                row[source + 3 * bytes] & 0xff);
      }
    }
  }

  private static int sample(byte[] row, int index, int depth) {
    if (depth == 8) {
      return row[index] & 0xff;
    }
    if (depth == 16) {
      return Bytes.uint16(row, 2 * index, true);
    }
    int bit = index * depth;
    return (row[bit >> 3] & 0xff) >> (8 - depth - (bit & 7)) & ((1 << depth) - 1);
  }

  /** Inflates the parts of the image data as one stream. */
  private final class Rows {
    private final Inflater inflater = new Inflater();
    private final byte[] filter = new byte[1];
    private int part;

    /** Reads the next row and undoes its filter. */
    void next(byte[] row, byte[] above, int step) throws ImageException, DataFormatException {
      fill(filter);
      fill(row);
      switch (filter[0]) {
        case 0 -> {}
        case 1 -> {
          for (int i = step; i < row.length; i++) {
            row[i] += row[i - step];
          }
        }
        case 2 -> {
          for (int i = 0; i < row.length; i++) {
            row[i] += above[i];
          }
        }
        case 3 -> {
          for (int i = 0; i < row.length; i++) {
            int left = i < step ? 0 : row[i - step] & 0xff;
            row[i] += (byte) ((left + (above[i] & 0xff)) >> 1);
          }
        }
        case 4 -> paeth(row, above, step);
        default ->
            throw new ImageException(
                Code.UNDECODABLE, "PNG: filter " + (filter[0] & 0xff) + " (expected: 0 to 4)");
      }
    }

    private static void paeth(byte[] row, byte[] above, int step) {
      for (int i = 0; i < Math.min(step, row.length); i++) {
        row[i] += above[i];
      }
      for (int i = step; i < row.length; i++) {
        int left = row[i - step] & 0xff;
        int up = above[i] & 0xff;
        int corner = above[i - step] & 0xff;
        int byLeft = Math.abs(up - corner);
        int byUp = Math.abs(left - corner);
        int byCorner = Math.abs(left + up - 2 * corner);
        row[i] +=
            (byte) (byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner);
      }
    }

    private void fill(byte[] out) throws ImageException, DataFormatException {
      int length = 0;
      while (length < out.length) {
        int count = inflater.inflate(out, length, out.length - length);
        length += count;
        if (count == 0) {
          if (inflater.finished() || inflater.needsDictionary()) {
            throw new ImageException(
                Code.UNDECODABLE, "PNG: image data of fewer rows than its header says");
          }
          if (part == data.size()) {
            throw new ImageException(
                Code.TRUNCATED, "PNG: ends before its image does, at byte " + file.length);
          }
          Part next = data.get(part++);
          inflater.setInput(file, next.start, next.end - next.start);
        }
      }
    }

    void close() {
      inflater.end();
    }
  }
}
