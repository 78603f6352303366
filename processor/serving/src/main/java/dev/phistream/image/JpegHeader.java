package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.phistream.image.ImageException.Code;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the first scan of a JPEG file (ITU-T T.81, annex B): sizes, colour model and
 * Exif. Application segments are read here, by libjpeg's rules, and kept from the image reader,
 * which would otherwise apply colour profiles and rules of its own.
 */
final class JpegHeader {
  /** What the components of a image are, by libjpeg's rules. */
  enum ColorModel {
    GRAY,
    YCBCR,
    RGB,
    CMYK,
    YCCK
  }

  private static final byte[] JFIF = "JFIF\0".getBytes(ISO_8859_1);
  private static final byte[] ADOBE = "Adobe".getBytes(ISO_8859_1);
  private static final byte[] EXIF = "Exif\0\0".getBytes(ISO_8859_1);
  private static final byte[] XMP = "http://ns.adobe.com/xap/1.0/\0".getBytes(ISO_8859_1);

  /** Tells the reader that three components are Y, Cb, Cr. */
  private static final byte[] JFIF_SEGMENT = {
    (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0
  };

  private static final byte[] ADOBE_SEGMENT = {
    (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  private final byte[] bytes;
  private int position = 2;

  /** The tables and frame header, and after {@link #read()} the scans: all that is decoded. */
  private final byte[] kept;

  private int keptLength;

  private int frame;
  private int width;
  private int height;
  private int[] componentIds = {};
  private boolean jfif;
  private int adobeTransform = -1;
  private Orientation exifOrientation = Orientation.NORMAL;
  private @Nullable Orientation xmpOrientation;
  private boolean exif;

  private JpegHeader(byte[] bytes) {
    this.bytes = bytes;
    this.kept = new byte[bytes.length];
  }

  /** Whether the bytes begin as JPEG files do. */
  static boolean matches(byte[] bytes) {
    return Magic.at(bytes, 0, 0xff, 0xd8, 0xff);
  }

  /**
   * Reads up to the first scan.
   *
   * @throws ImageException if there is none, or the image is of a kind that is not decoded here
   */
  static JpegHeader of(byte[] bytes) throws ImageException {
    JpegHeader header = new JpegHeader(bytes);
    header.read();
    return header;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  boolean progressive() {
    return frame == 0xc2;
  }

  Orientation orientation() {
    return exif || xmpOrientation == null ? exifOrientation : xmpOrientation;
  }

  ColorModel colorModel() {
    return switch (componentIds.length) {
      case 1 -> ColorModel.GRAY;
      case 3 -> {
        if (jfif) {
          yield ColorModel.YCBCR;
        }
        boolean rgb =
            adobeTransform < 0
                ? Arrays.equals(componentIds, new int[] {'R', 'G', 'B'})
                : adobeTransform == 0;
        yield rgb ? ColorModel.RGB : ColorModel.YCBCR;
      }
      default -> adobeTransform <= 0 ? ColorModel.CMYK : ColorModel.YCCK;
    };
  }

  /** The same image, with nothing around it but a mark of its colour model. */
  byte[] plainFile() {
    byte[] mark =
        switch (colorModel()) {
          case GRAY, YCBCR -> JFIF_SEGMENT;
          case RGB, CMYK -> ADOBE_SEGMENT;
          case YCCK -> {
            byte[] segment = ADOBE_SEGMENT.clone();
            segment[segment.length - 1] = 2;
            yield segment;
          }
        };
    byte[] file = new byte[2 + mark.length + keptLength];
    file[0] = (byte) 0xff;
    file[1] = (byte) 0xd8;
    System.arraycopy(mark, 0, file, 2, mark.length);
    System.arraycopy(kept, 0, file, 2 + mark.length, keptLength);
    return file;
  }

  private void read() throws ImageException {
    while (true) {
      int marker = nextMarker();
      if (marker == 0xda) {
        if (frame == 0) {
          throw new ImageException(Code.UNDECODABLE, "JPEG: a scan comes before the frame header");
        }
        position -= 2;
        keep(position, bytes.length);
        return;
      }
      if (marker == 0xd9) {
        throw new ImageException(Code.UNDECODABLE, "JPEG: ends without a scan");
      }
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        continue;
      }
      int length = position + 2 <= bytes.length ? uint16(position) : Integer.MAX_VALUE;
      if (length > bytes.length - position) {
        throw new ImageException(
            Code.TRUNCATED, "JPEG: ends inside its header, at byte " + bytes.length);
      }
      if (length < 2) {
        throw new ImageException(
            Code.UNDECODABLE, "JPEG: segment length " + length + " at byte " + position);
      }
      int end = position + length;
      segment(marker, position + 2, end);
      position = end;
    }
  }

  /** Moves behind the next marker, over fill bytes and, as libjpeg does, over anything else. */
  private int nextMarker() throws ImageException {
    while (position + 1 < bytes.length) {
      int marker = bytes[position + 1] & 0xff;
      if (bytes[position] == (byte) 0xff && marker != 0 && marker != 0xff) {
        position += 2;
        return marker;
      }
      position++;
    }
    throw new ImageException(
        Code.TRUNCATED, "JPEG: ends inside its header, at byte " + bytes.length);
  }

  private void segment(int marker, int start, int end) throws ImageException {
    if ((marker >= 0xe0 && marker <= 0xef) || marker == 0xfe) {
      application(marker, start, end);
      return;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
      frame(marker, start, end);
    }
    keep(start - 4, end);
  }

  private void application(int marker, int start, int end) {
    if (marker == 0xe0 && startsWith(start, end, JFIF)) {
      jfif = true;
    } else if (marker == 0xee && end - start >= 12 && startsWith(start, end, ADOBE)) {
      adobeTransform = bytes[start + 11] & 0xff;
    } else if (marker == 0xe1 && !exif && startsWith(start, end, EXIF)) {
      exif = true;
      exifOrientation = Exif.orientation(bytes, start + EXIF.length, end);
    } else if (marker == 0xe1 && xmpOrientation == null && startsWith(start, end, XMP)) {
      xmpOrientation = Exif.xmpOrientation(bytes, start + XMP.length, end);
    }
  }

  private void frame(int marker, int start, int end) throws ImageException {
    if (frame != 0) {
      throw new ImageException(Code.UNDECODABLE, "JPEG: two frame headers");
    }
    if (marker > 0xc2) {
      throw new ImageException(
          Code.UNSUPPORTED,
          "JPEG: process SOF"
              + (marker - 0xc0)
              + " (expected: baseline, extended or progressive, Huffman coded)");
    }
    if (end - start < 6 || end - start < 6 + 3 * (bytes[start + 5] & 0xff)) {
      throw new ImageException(Code.UNDECODABLE, "JPEG: frame header too short");
    }
    int precision = bytes[start] & 0xff;
    if (precision != 8) {
      throw new ImageException(
          Code.UNSUPPORTED, "JPEG: " + precision + " bits per sample (expected: 8)");
    }
    int components = bytes[start + 5] & 0xff;
    if (components != 1 && components != 3 && components != 4) {
      throw new ImageException(
          Code.UNSUPPORTED, "JPEG: " + components + " components (expected: 1, 3 or 4)");
    }
    frame = marker;
    height = uint16(start + 1);
    width = uint16(start + 3);
    componentIds = new int[components];
    for (int i = 0; i < components; i++) {
      componentIds[i] = bytes[start + 6 + 3 * i] & 0xff;
    }
  }

  private void keep(int from, int to) {
    System.arraycopy(bytes, from, kept, keptLength, to - from);
    keptLength += to - from;
  }

  private boolean startsWith(int start, int end, byte[] prefix) {
    return end - start >= prefix.length
        && Arrays.equals(bytes, start, start + prefix.length, prefix, 0, prefix.length);
  }

  private int uint16(int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
