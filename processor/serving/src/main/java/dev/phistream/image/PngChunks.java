package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.phistream.image.ImageException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG file (ISO/IEC 15948, clause 5), their checksums verified. Only those that
 * make up the first image reach the image reader, which would inflate any text chunk without a
 * limit.
 */
final class PngChunks {
  private static final int[] SIGNATURE = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int PALETTE = 3;

  private record Chunk(int start, int end) {}

  private final byte[] bytes;
  private final List<Chunk> imageChunks = new ArrayList<>();
  private int width;
  private int height;
  private int colorType = -1;
  private int[] palette = {};
  private @Nullable Orientation exifOrientation;
  private @Nullable Orientation xmpOrientation;

  private PngChunks(byte[] bytes) {
    this.bytes = bytes;
  }

  static boolean matches(byte[] bytes) {
    return Magic.at(bytes, 0, SIGNATURE);
  }

  /**
   * Reads all chunks up to the end mark.
   *
   * @throws ImageException if one is cut off or damaged
   */
  static PngChunks of(byte[] bytes) throws ImageException {
    PngChunks chunks = new PngChunks(bytes);
    chunks.read();
    return chunks;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  boolean hasPalette() {
    return colorType == PALETTE;
  }

  /** 0xRRGGBB per index. */
  int[] palette() {
    return palette;
  }

  Orientation orientation() {
    if (exifOrientation != null) {
      return exifOrientation;
    }
    return xmpOrientation == null ? Orientation.NORMAL : xmpOrientation;
  }

  /** The same image, without transparency, metadata and further frames. */
  byte[] plainFile() {
    int size = SIGNATURE.length;
    for (Chunk chunk : imageChunks) {
      size += chunk.end - chunk.start;
    }
    byte[] file = new byte[size];
    System.arraycopy(bytes, 0, file, 0, SIGNATURE.length);
    int position = SIGNATURE.length;
    for (Chunk chunk : imageChunks) {
      System.arraycopy(bytes, chunk.start, file, position, chunk.end - chunk.start);
      position += chunk.end - chunk.start;
    }
    return file;
  }

  private void read() throws ImageException {
    int position = SIGNATURE.length;
    boolean data = false;
    while (true) {
      if (bytes.length - position < 12) {
        throw truncated();
      }
      long length = int32(position) & 0xffffffffL;
      if (length > bytes.length - position - 12) {
        throw truncated();
      }
      int start = position + 8;
      int end = start + (int) length;
      String type = new String(bytes, position + 4, 4, ISO_8859_1);
      checkCrc(type, position + 4, end);
      Chunk chunk = new Chunk(position, end + 4);
      position = end + 4;
      if (colorType < 0 && !type.equals("IHDR")) {
        throw new ImageException(
            Code.UNDECODABLE, "PNG: first chunk " + type + " (expected: IHDR)");
      }
      switch (type) {
        case "IHDR" -> {
          header(start, end);
          imageChunks.add(chunk);
        }
        case "PLTE" -> {
          palette(start, end);
          if (hasPalette()) {
            imageChunks.add(chunk);
          }
        }
        case "IDAT" -> {
          data = true;
          imageChunks.add(chunk);
        }
        case "eXIf" -> exifOrientation = Exif.orientation(bytes, start, end);
        case "iTXt" -> xmpOrientation = Exif.xmpOrientation(bytes, start, end);
        case "IEND" -> {
          if (!data) {
            throw new ImageException(Code.UNDECODABLE, "PNG: has no image data");
          }
          imageChunks.add(chunk);
          return;
        }
        default -> {}
      }
    }
  }

  private void header(int start, int end) throws ImageException {
    if (end - start < 13 || colorType >= 0) {
      throw new ImageException(Code.UNDECODABLE, "PNG: damaged IHDR");
    }
    width = int32(start);
    height = int32(start + 4);
    colorType = bytes[start + 9] & 0xff;
    int compression = bytes[start + 10] & 0xff;
    int filter = bytes[start + 11] & 0xff;
    if (compression != 0 || filter != 0) {
      throw new ImageException(
          Code.UNSUPPORTED,
          "PNG: compression " + compression + ", filter " + filter + " (expected: 0, 0)");
    }
  }

  private void palette(int start, int end) {
    palette = new int[(end - start) / 3];
    for (int i = 0; i < palette.length; i++) {
      int at = start + 3 * i;
      palette[i] = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
    }
  }

  private void checkCrc(String type, int start, int end) throws ImageException {
    CRC32 crc = new CRC32();
    crc.update(bytes, start, end - start);
    if ((int) crc.getValue() != int32(end)) {
      throw new ImageException(
          Code.UNDECODABLE, "PNG: wrong checksum of chunk " + type + " at byte " + start);
    }
  }

  private ImageException truncated() {
    return new ImageException(
        Code.TRUNCATED, "PNG: ends before its end mark, at byte " + bytes.length);
  }

  private int int32(int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }
}
