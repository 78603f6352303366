package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first directory of a TIFF or BigTIFF file (TIFF 6.0, section 2). No other is read, so that
 * chains and loops of directories cost nothing, and no value is copied before its place in the file
 * is checked.
 */
final class TiffDirectory {
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS_PER_SAMPLE = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int FILL_ORDER = 266;
  static final int STRIP_OFFSETS = 273;
  static final int ORIENTATION = 274;
  static final int SAMPLES_PER_PIXEL = 277;
  static final int ROWS_PER_STRIP = 278;
  static final int STRIP_BYTE_COUNTS = 279;
  static final int PLANAR_CONFIGURATION = 284;
  static final int PREDICTOR = 317;
  static final int COLOR_MAP = 320;
  static final int TILE_WIDTH = 322;
  static final int TILE_HEIGHT = 323;
  static final int TILE_OFFSETS = 324;
  static final int TILE_BYTE_COUNTS = 325;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;
  static final int JPEG_TABLES = 347;
  static final int JPEG_INTERCHANGE = 513;
  static final int JPEG_INTERCHANGE_LENGTH = 514;
  static final int YCBCR_SUBSAMPLING = 530;
  static final int XMP = 700;

  private static final int[] UNITS = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

  private record Entry(int type, long count, int start) {}

  private final byte[] file;
  private final boolean bigEndian;
  private final boolean bigTiff;
  private final Map<Integer, Entry> entries = new HashMap<>();

  private TiffDirectory(byte[] file) {
    this.file = file;
    this.bigEndian = file[0] == 'M';
    this.bigTiff = Bytes.uint16(file, 2, bigEndian) == 43;
  }

  /**
   * Reads the first directory, up to the first entry whose value lies outside of the file.
   *
   * @throws ImageException if there is none
   */
  static TiffDirectory of(byte[] file) throws ImageException {
    if (file.length < 16) {
      throw new ImageException(
          Code.TRUNCATED, "TIFF: ends before its directory, at byte " + file.length);
    }
    TiffDirectory directory = new TiffDirectory(file);
    directory.read();
    return directory;
  }

  boolean bigEndian() {
    return bigEndian;
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** The first value of a tag; another if the tag is absent. */
  long value(int tag, long otherwise) {
    Entry entry = entries.get(tag);
    return entry == null ? otherwise : number(entry, 0);
  }

  /** A value that is small in any sound file: a size, a kind, a count. */
  int small(int tag, int otherwise) throws ImageException {
    long value = value(tag, otherwise);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new ImageException(Code.UNDECODABLE, "TIFF: tag " + tag + ": " + value);
    }
    return (int) value;
  }

  /** All values of a tag; none if it is absent. */
  long[] values(int tag) {
    Entry entry = entries.get(tag);
    if (entry == null) {
      return new long[0];
    }
    long[] values = new long[(int) entry.count];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(entry, i);
    }
    return values;
  }

  /** The bytes of a tag of bytes; none if it is absent. */
  byte[] bytes(int tag) {
    Entry entry = entries.get(tag);
    if (entry == null) {
      return new byte[0];
    }
    int start = entry.start;
    return Arrays.copyOfRange(file, start, start + (int) (entry.count * UNITS[entry.type]));
  }

  Orientation orientation() {
    Entry entry = entries.get(ORIENTATION);
    if (entry != null) {
      return Orientation.ofExif(
          entry.type == 1 || entry.type == 2 || entry.type == 7
              ? 0
              : ExifTag.number(file, entry.start, entry.type, bigEndian));
    }
    OrientationTags tags = new OrientationTags();
    byte[] xmp = bytes(XMP);
    tags.xmp(xmp, 0, xmp.length);
    return tags.orientation();
  }

  private void read() throws ImageException {
    long at = bigTiff ? Bytes.int64(file, 8, bigEndian) : Bytes.uint32(file, 4, bigEndian);
    int header = bigTiff ? 8 : 2;
    int size = bigTiff ? 20 : 12;
    if (at < 0 || at > file.length - header) {
      throw new ImageException(
          Code.TRUNCATED,
          "TIFF: ends before its directory at byte " + at + ", at byte " + file.length);
    }
    long count =
        bigTiff ? Bytes.int64(file, (int) at, bigEndian) : Bytes.uint16(file, (int) at, bigEndian);
    int position = (int) at + header;
    for (long i = 0; i < count && position <= file.length - size; i++, position += size) {
      Entry entry = entry(position, bigTiff ? 8 : 4);
      if (entry == null) {
        return;
      }
      if (entry.count > 0) {
        entries.put(Bytes.uint16(file, position, bigEndian), entry);
      }
    }
  }

  /** An entry; null if its value lies outside of the file. */
  private @Nullable Entry entry(int position, int word) {
    int type = Bytes.uint16(file, position + 2, bigEndian);
    int unit = type < UNITS.length ? UNITS[type] : 0;
    long count = word(position + 4, word);
    if (unit == 0) {
      return new Entry(type, 0, 0);
    }
    if (count < 0 || count > file.length) {
      return null;
    }
    long size = unit * count;
    int inline = position + 4 + word;
    long start = size <= word ? inline : word(inline, word);
    return start < 0 || start > file.length - size ? null : new Entry(type, count, (int) start);
  }

  private long word(int at, int size) {
    return size == 8 ? Bytes.int64(file, at, bigEndian) : Bytes.uint32(file, at, bigEndian);
  }

  private long number(Entry entry, int index) {
    int at = entry.start + index * UNITS[entry.type];
    return switch (UNITS[entry.type]) {
      case 1 -> Bytes.uint8(file, at);
      case 2 -> Bytes.uint16(file, at, bigEndian);
      case 4 -> Bytes.uint32(file, at, bigEndian);
      default -> Bytes.int64(file, at, bigEndian);
    };
  }
}
