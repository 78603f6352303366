package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.io.IOException;
import java.util.Arrays;

/**
 * The pixels of a TIFF file in strips or tiles. One block is decompressed at a time, and written
 * into the result as RGB.
 */
final class TiffImage implements EncodedImage {
  /** What LZMA's and Zstandard's decoders hold beside the output, in bytes. */
  private static final long DICTIONARY = 16L << 20;

  private final byte[] file;
  private final TiffLayout layout;
  private final int compression;
  private final boolean bigEndian;
  private final int predictor;
  private final boolean reversedBits;
  private final byte[] jpegTables;
  private final long[] colorMap;
  private final int subsamplingX;
  private final int subsamplingY;
  private final Orientation orientation;
  private final long jpegWork;

  TiffImage(byte[] file, TiffDirectory directory, TiffLayout layout, int compression)
      throws ImageException {
    this.file = file;
    this.layout = layout;
    this.compression = compression;
    this.bigEndian = directory.bigEndian();
    this.predictor =
        TiffCompression.hasPredictor(compression)
            ? directory.small(TiffDirectory.PREDICTOR, TiffPredictor.NONE)
            : TiffPredictor.NONE;
    this.reversedBits = directory.value(TiffDirectory.FILL_ORDER, 1) == 2;
    this.jpegTables = directory.bytes(TiffDirectory.JPEG_TABLES);
    this.colorMap = directory.values(TiffDirectory.COLOR_MAP);
    long[] subsampling = directory.values(TiffDirectory.YCBCR_SUBSAMPLING);
    boolean subsampled = layout.photometric() == TiffLayout.YCBCR && !layout.planar();
    this.subsamplingX = !subsampled ? 1 : subsampling.length > 0 ? (int) subsampling[0] : 2;
    this.subsamplingY = !subsampled ? 1 : subsampling.length > 1 ? (int) subsampling[1] : 2;
    this.orientation = directory.orientation();
    if (!isEmbedded()) {
      TiffPixels.check(layout);
    }
    if (layout.rowBytes() * layout.blockHeight() > Integer.MAX_VALUE / 4) {
      throw new ImageException(
          Code.TOO_LARGE,
          "TIFF: strips or tiles of "
              + layout.blockWidth()
              + "x"
              + layout.blockHeight()
              + " pixels");
    }
    this.jpegWork = compression == TiffCompression.JPEG ? jpegWork() : 0;
  }

  @Override
  public DecodeCost cost() {
    long block = layout.rowBytes() * layout.blockHeight();
    long memory = DecodeCost.RGB * (long) layout.width() * layout.height() + 2 * block;
    if (layout.planar()) {
      memory += layout.samples() * block;
    }
    if (compression == TiffCompression.JPEG) {
      memory += 2 * block;
    } else if (compression == TiffCompression.LZMA || compression == TiffCompression.ZSTD) {
      memory += DICTIONARY;
    }
    long work = layout.blocks() * layout.blockSamples() * layout.blockWidth();
    return new DecodeCost(
        ImageFormat.TIFF,
        layout.width(),
        layout.height(),
        Math.max(jpegWork, work * layout.blockHeight()),
        memory);
  }

  @Override
  public Orientation orientation() {
    return orientation;
  }

  @Override
  public RgbImage decode(Background background) throws ImageException, IOException {
    byte[] pixels = new byte[3 * layout.width() * layout.height()];
    TiffPixels converter = new TiffPixels(layout, bigEndian, colorMap, background);
    for (int row = 0; row < layout.down(); row++) {
      for (int column = 0; column < layout.across(); column++) {
        int x = column * layout.blockWidth();
        int y = row * layout.blockHeight();
        int width = Math.min(layout.blockWidth(), layout.width() - x);
        int height = Math.min(layout.blockHeight(), layout.height() - y);
        int index = row * layout.across() + column;
        if (isEmbedded()) {
          embedded(index, x, y, width, height, pixels, background);
        } else {
          byte[] block = block(index, height);
          int rowBytes = block.length / layout.blockHeight();
          for (int line = 0; line < height; line++) {
            int target = 3 * ((y + line) * layout.width() + x);
            converter.row(block, line * rowBytes, width, pixels, target);
          }
        }
      }
    }
    return new RgbImage(layout.width(), layout.height(), pixels);
  }

  /** Whether each block is an image file of its own that gives RGB. */
  private boolean isEmbedded() {
    return compression == TiffCompression.WEBP
        || (compression == TiffCompression.JPEG
            && !layout.planar()
            && (layout.photometric() == TiffLayout.RGB
                || layout.photometric() == TiffLayout.YCBCR));
  }

  private void embedded(
      int index, int x, int y, int width, int height, byte[] pixels, Background background)
      throws ImageException, IOException {
    EncodedImage image =
        compression == TiffCompression.WEBP
            ? new WebpDecoder().open(data(index))
            : jpeg(
                index,
                layout.photometric() == TiffLayout.YCBCR
                    ? JpegHeader.ColorModel.YCBCR
                    : JpegHeader.ColorModel.RGB);
    checkBlock(image.cost(), width, height);
    RgbImage block = image.decode(background);
    for (int line = 0; line < height; line++) {
      System.arraycopy(
          block.pixels(),
          3 * line * block.width(),
          pixels,
          3 * ((y + line) * layout.width() + x),
          3 * width);
    }
  }

  /** A block may be a little larger than its part of the image, but is no image of its own size. */
  private void checkBlock(DecodeCost block, int width, int height) throws ImageException {
    if (block.width() < width
        || block.height() < height
        || block.width() > layout.blockWidth()
        || block.height() > layout.blockHeight()) {
      throw new ImageException(
          Code.UNDECODABLE,
          "TIFF: a strip or tile of "
              + block.width()
              + "x"
              + block.height()
              + " pixels (expected: "
              + layout.blockWidth()
              + "x"
              + layout.blockHeight()
              + ")");
    }
  }

  private JpegImage jpeg(int index, JpegHeader.ColorModel model) throws ImageException {
    byte[] jpeg = withTables(data(index));
    return new JpegImage(jpeg.length, JpegHeader.of(jpeg), model);
  }

  /** An abbreviated JPEG file with the tables that all blocks share. */
  private byte[] withTables(byte[] data) {
    int tables = jpegTables.length - 2;
    if (tables <= 2 || data.length < 2) {
      return data;
    }
    // The tables' start and the data, without an end between them.
    byte[] jpeg = Arrays.copyOf(jpegTables, tables + data.length - 2);
    System.arraycopy(data, 2, jpeg, tables, data.length - 2);
    return jpeg;
  }

  /** The samples that all scans of all blocks visit. */
  private long jpegWork() throws ImageException {
    long work = 0;
    for (int i = 0; i < layout.blocks(); i++) {
      byte[] jpeg = withTables(data(i));
      work += JpegHeader.of(jpeg).work();
    }
    return work;
  }

  /** A strip or tile as rows of interleaved samples. */
  private byte[] block(int index, int rows) throws ImageException, IOException {
    if (!layout.planar()) {
      return plane(index, rows);
    }
    int perPlane = layout.across() * layout.down();
    int size = layout.bits() / 8;
    byte[] block = new byte[layout.samples() * (int) layout.rowBytes() * layout.blockHeight()];
    for (int sample = 0; sample < layout.samples(); sample++) {
      byte[] plane = plane(sample * perPlane + index, rows);
      for (int source = 0, pixel = sample * size;
          source + size <= plane.length;
          source += size, pixel += layout.samples() * size) {
        System.arraycopy(plane, source, block, pixel, size);
      }
    }
    return block;
  }

  private byte[] plane(int index, int rows) throws ImageException, IOException {
    int rowBytes = (int) layout.rowBytes();
    byte[] block = new byte[rowBytes * layout.blockHeight()];
    if (compression == TiffCompression.JPEG) {
      JpegImage jpeg =
          jpeg(
              index,
              layout.blockSamples() == 1 ? JpegHeader.ColorModel.GRAY : JpegHeader.ColorModel.CMYK);
      checkBlock(jpeg.cost(), 1, rows);
      byte[] samples = jpeg.rawSamples();
      int width = jpeg.cost().width() * layout.blockSamples();
      for (int row = 0; row < rows; row++) {
        System.arraycopy(samples, row * width, block, row * rowBytes, Math.min(width, rowBytes));
      }
      return block;
    }
    boolean subsampled = subsamplingX > 1 || subsamplingY > 1;
    byte[] out = subsampled ? new byte[subsampledBytes(layout.blockHeight())] : block;
    byte[] data = data(index);
    int filled = TiffCompression.decompress(compression, data, out);
    int needed = subsampled ? subsampledBytes(rows) : rowBytes * rows;
    if (filled < needed) {
      boolean cut = layout.offsets()[index] + layout.counts()[index] >= file.length;
      throw new ImageException(
          cut ? Code.TRUNCATED : Code.UNDECODABLE,
          "TIFF: strip or tile " + index + " has " + filled + " bytes (expected: " + needed + ")");
    }
    if (subsampled) {
      spread(out, block, rows);
    } else {
      TiffPredictor.undo(
          predictor, block, rowBytes, rows, layout.blockSamples(), layout.bits(), bigEndian);
    }
    return block;
  }

  private byte[] data(int index) {
    long start = Math.min(file.length, Math.max(0, layout.offsets()[index]));
    byte[] data = Arrays.copyOfRange(file, (int) start, (int) (start + layout.counts()[index]));
    if (reversedBits && !isEmbedded() && compression != TiffCompression.JPEG) {
      for (int i = 0; i < data.length; i++) {
        data[i] = (byte) (Integer.reverse(data[i]) >>> 24);
      }
    }
    return data;
  }

  /** Bytes of rows whose chroma is stored once for several pixels (TIFF 6.0, section 21). */
  private int subsampledBytes(int rows) throws ImageException {
    if (subsamplingX < 1 || subsamplingX > 4 || subsamplingY < 1 || subsamplingY > 4) {
      throw new ImageException(
          Code.UNDECODABLE, "TIFF: chroma of " + subsamplingX + "x" + subsamplingY + " pixels");
    }
    int unitsX = (layout.blockWidth() + subsamplingX - 1) / subsamplingX;
    int unitsY = (rows + subsamplingY - 1) / subsamplingY;
    return unitsX * unitsY * (subsamplingX * subsamplingY + 2);
  }

  private void spread(byte[] units, byte[] block, int rows) {
    int width = layout.blockWidth();
    int luma = subsamplingX * subsamplingY;
    int unitsX = (width + subsamplingX - 1) / subsamplingX;
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < width; x++) {
        int unit = (y / subsamplingY * unitsX + x / subsamplingX) * (luma + 2);
        int at = 3 * (y * width + x);
        block[at] = units[unit + y % subsamplingY * subsamplingX + x % subsamplingX];
        block[at + 1] = units[unit + luma];
        block[at + 2] = units[unit + luma + 1];
      }
    }
  }
}
