package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.phistream.image.ImageException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Reads the chunks of PNG files (ISO/IEC 15948, clause 5), as strictly as Pillow does: up to the
 * image data each chunk must be whole and its checksum right; the checksums of the data, and
 * whatever is wrong behind it, do not matter.
 */
final class PngDecoder implements FormatDecoder {
  private static final int SIGNATURE_LENGTH = 8;

  @Override
  public EncodedImage open(byte[] encoded) throws ImageException {
    return new Chunks(encoded).read();
  }

  private static final class Chunks {
    private final byte[] bytes;
    private final PngHeader.Builder header = new PngHeader.Builder();
    private final List<PngImage.Part> data = new ArrayList<>();
    private final PngText text = new PngText();
    private int position = SIGNATURE_LENGTH;

    Chunks(byte[] bytes) {
      this.bytes = bytes;
    }

    EncodedImage read() throws ImageException {
      while (position + 8 <= bytes.length) {
        long length = Bytes.uint32(bytes, position, true);
        int start = position + 8;
        String type = new String(bytes, position + 4, 4, ISO_8859_1);
        boolean whole = length <= bytes.length - start;
        if (data.isEmpty() && !type.equals("IDAT")) {
          check(type, whole && length + 4 <= bytes.length - start, start, length);
        } else if (!isName(type)) {
          break;
        }
        int end = whole ? start + (int) length : bytes.length;
        if (type.equals("IDAT")) {
          if (!header.isPresent()) {
            throw new ImageException(Code.UNDECODABLE, "PNG: image data before IHDR");
          }
          data.add(new PngImage.Part(start, end));
        } else if (type.equals("IEND")) {
          break;
        } else if (!whole) {
          throw truncated();
        } else {
          chunk(type, start, end);
        }
        if (bytes.length - end < 4) {
          break;
        }
        position = end + 4;
      }
      if (data.isEmpty()) {
        throw position + 8 > bytes.length
            ? truncated()
            : new ImageException(Code.UNDECODABLE, "PNG: has no image data");
      }
      return new PngImage(bytes, header.build(), data, text.orientation());
    }

    private void chunk(String type, int start, int end) throws ImageException {
      if (!header.isPresent() && !type.equals("IHDR")) {
        throw new ImageException(
            Code.UNDECODABLE, "PNG: first chunk " + type + " (expected: IHDR)");
      }
      switch (type) {
        case "IHDR" -> header.header(bytes, start, end);
        case "PLTE" -> header.palette(bytes, start, end);
        case "tRNS" -> {
          if (data.isEmpty()) {
            header.transparency(bytes, start, end);
          }
        }
        case "eXIf" -> text.exif(bytes, start, end);
        case "tEXt" -> text.plain(bytes, start, end);
        case "zTXt" -> text.compressed(bytes, start, end);
        case "iTXt" -> text.international(bytes, start, end);
        default -> {}
      }
    }

    private void check(String type, boolean whole, int start, long length) throws ImageException {
      if (!isName(type)) {
        throw new ImageException(
            Code.UNDECODABLE, "PNG: no chunk at byte " + position + " (expected: its name)");
      }
      if (!whole) {
        throw truncated();
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, start - 4, (int) length + 4);
      if ((int) crc.getValue() != Bytes.int32(bytes, start + (int) length, true)) {
        throw new ImageException(
            Code.UNDECODABLE, "PNG: wrong checksum of chunk " + type + " at byte " + position);
      }
    }

    private static boolean isName(String type) {
      return type.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
    }

    private ImageException truncated() {
      return new ImageException(
          Code.TRUNCATED, "PNG: ends inside or before a chunk, at byte " + bytes.length);
    }
  }
}
