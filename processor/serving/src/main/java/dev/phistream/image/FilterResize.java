package dev.phistream.image;

/**
 * Separable resize and crop in Pillow's fixed point: rows first, rounded to 8 bits, then columns.
 *
 * <p>Both passes add up whole lines of samples, which the JIT compiler does with vector
 * instructions. For the first pass, a line is a piece of an input column: blocks of the image are
 * turned on their side, so that a column's samples lie side by side. Memory does not grow with the
 * image: blocks are as large as a processor's cache likes, and rows are forgotten after their last
 * use.
 *
 * @param horizontal the wanted columns
 * @param vertical the wanted rows
 */
record FilterResize(FilterAxis horizontal, FilterAxis vertical) {
  /** Input rows in a block. */
  private static final int BLOCK_ROWS = 64;

  /** Input columns in a block, unless a single output column needs more. */
  private static final int BLOCK_COLUMNS = 512;

  /** Output columns that are turned back together, so that writes fill cache lines. */
  private static final int TOGETHER = 4;

  /** The wanted window as three planes, red, green, blue. */
  byte[] apply(RgbImage image) {
    int width = horizontal.length();
    int height = vertical.length();
    byte[] planes = new byte[3 * width * height];
    int inputRows = vertical.to() - vertical.from();
    Block block = new Block(image, blockColumns(), Math.min(BLOCK_ROWS, inputRows));
    int[][] sums = new int[TOGETHER][3 * block.rows()];
    int[] sum = new int[3 * width];
    int[][] rows = new int[inputRows][];
    int kept = vertical.longest() + block.rows();
    int y = 0;
    for (int done = 0; done < inputRows; ) {
      int ready = Math.min(done + block.rows(), inputRows);
      for (int r = done; r < ready; r++) {
        rows[r] = r < kept ? new int[3 * width] : rows[r - kept];
      }
      for (int x = 0; x < width; ) {
        int end = stripEnd(x);
        int from = horizontal.first()[x];
        block.load(from, horizontal.end(end - 1), vertical.from() + done, vertical.from() + ready);
        for (; x < end; x += TOGETHER) {
          int count = Math.min(TOGETHER, end - x);
          for (int i = 0; i < count; i++) {
            WeightedSum.of(
                sums[i],
                block.columns(),
                horizontal.first()[x + i] - from,
                horizontal.weights()[x + i]);
          }
          turnBack(sums, count, rows, done, ready, x, width);
        }
        x = end;
      }
      done = ready;
      for (; y < height && vertical.end(y) <= vertical.from() + done; y++) {
        WeightedSum.of(sum, rows, vertical.first()[y] - vertical.from(), vertical.weights()[y]);
        for (int c = 0; c < 3; c++) {
          narrow(sum, c * width, planes, (c * height + y) * width, width);
        }
      }
    }
    return planes;
  }

  /** Behind the last output column from {@code x} on whose input columns fit into a block. */
  private int stripEnd(int x) {
    int end = x + 1;
    while (end < horizontal.length()
        && horizontal.end(end) - horizontal.first()[x] <= BLOCK_COLUMNS) {
      end++;
    }
    return end;
  }

  private int blockColumns() {
    int most = 0;
    int end;
    for (int x = 0; x < horizontal.length(); x = end) {
      end = stripEnd(x);
      most = Math.max(most, horizontal.end(end - 1) - horizontal.first()[x]);
    }
    return most;
  }

  /** From lines of output columns to rows: three runs of samples each, red, green, blue. */
  private static void turnBack(
      int[][] sums, int count, int[][] rows, int from, int to, int x, int width) {
    int third = sums[0].length / 3;
    if (count < TOGETHER) {
      for (int i = 0; i < count; i++) {
        for (int r = from; r < to; r++) {
          for (int c = 0; c < 3; c++) {
            rows[r][c * width + x + i] = sums[i][c * third + r - from];
          }
        }
      }
      return;
    }
    int[] a = sums[0];
    int[] b = sums[1];
    int[] c = sums[2];
    int[] d = sums[3];
    for (int r = 0; r < to - from; r++) {
      int[] row = rows[from + r];
      row[x] = a[r];
      row[x + 1] = b[r];
      row[x + 2] = c[r];
      row[x + 3] = d[r];
      row[width + x] = a[third + r];
      row[width + x + 1] = b[third + r];
      row[width + x + 2] = c[third + r];
      row[width + x + 3] = d[third + r];
      row[2 * width + x] = a[2 * third + r];
      row[2 * width + x + 1] = b[2 * third + r];
      row[2 * width + x + 2] = c[2 * third + r];
      row[2 * width + x + 3] = d[2 * third + r];
    }
  }

  private static void narrow(int[] from, int start, byte[] to, int target, int count) {
    for (int i = 0; i < count; i++) {
      to[target + i] = (byte) from[start + i];
    }
  }

  /**
   * A part of an image, turned on its side.
   *
   * @param columns per input column, a run of its rows' red samples, one of green, one of blue
   * @param rows length of each run
   */
  @SuppressWarnings("ArrayRecordComponent") // read in the innermost loops, never compared
  private record Block(RgbImage image, int[][] columns, int rows) {
    Block(RgbImage image, int columns, int rows) {
      this(image, new int[columns][3 * rows], rows);
    }

    void load(int fromColumn, int toColumn, int fromRow, int toRow) {
      byte[] in = image.pixels();
      int stride = 3 * image.width();
      int count = toRow - fromRow;
      for (int x = fromColumn; x < toColumn; x++) {
        int[] column = columns[x - fromColumn];
        int at = stride * fromRow + 3 * x;
        for (int r = 0; r < count; r++, at += stride) {
          column[r] = in[at] & 0xff;
          column[rows + r] = in[at + 1] & 0xff;
          column[2 * rows + r] = in[at + 2] & 0xff;
        }
      }
    }
  }
}
