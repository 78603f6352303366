package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.phistream.image.ImageException.Code;
import java.util.Arrays;

/**
 * The structure of a JPEG file (ITU-T T.81, annex B): sizes, colour model, orientation and scans.
 * Application segments are read here, by libjpeg's rules, and kept from the image reader, which
 * would otherwise apply colour profiles and rules of its own. So is what follows the end mark, such
 * as the video of a motion photo.
 */
final class JpegHeader {
  /** What the components of a image are, by libjpeg's rules. */
  enum ColorModel {
    GRAY(1),
    YCBCR(3),
    RGB(3),
    CMYK(4),
    YCCK(4);

    private final int components;

    ColorModel(int components) {
      this.components = components;
    }

    int components() {
      return components;
    }
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

  /** Samples of each component. */
  private long[] componentSamples = {};

  private boolean jfif;
  private int adobeTransform = -1;
  private final OrientationTags tags = new OrientationTags();
  private int scans;
  private long work;

  private JpegHeader(byte[] bytes) {
    this.bytes = bytes;
    this.kept = new byte[bytes.length];
  }

  /**
   * Reads the whole structure, without the entropy-coded data.
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
    return tags.orientation();
  }

  /**
   * Samples that the scans visit: each scan of a file walks over all samples of its components,
   * even if it says nothing on them.
   */
  long work() {
    return work;
  }

  /** Whether the reader must keep all coefficients until the last scan. */
  boolean buffered() {
    return progressive() || scans > 1;
  }

  /** Samples of all components together. */
  long samples() {
    return Arrays.stream(componentSamples).sum();
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
  byte[] plainFile(ColorModel model) {
    byte[] mark =
        switch (model) {
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
        int start = position - 2;
        keep(start, scans());
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

  /**
   * Counts the work of all scans.
   *
   * @return where the image ends
   */
  private int scans() throws ImageException {
    while (true) {
      int length = position + 2 <= bytes.length ? uint16(position) : Integer.MAX_VALUE;
      if (length > bytes.length - position) {
        throw new ImageException(
            Code.TRUNCATED, "JPEG: ends inside a scan's header, at byte " + bytes.length);
      }
      scan(position + 2, position + length);
      position += length;
      if (scans == 1 && !progressive() && work >= samples()) {
        // All components are in one sequential scan: nothing behind it matters.
        return bytes.length;
      }
      int marker = markerAfterScan();
      if (marker == 0xd9 || marker < 0) {
        return position;
      } else if (marker != 0xda) {
        return bytes.length;
      }
    }
  }

  private void scan(int start, int end) {
    scans++;
    int count = start < end ? bytes[start] & 0xff : 0;
    for (int i = 0; i < count && start + 2 + 2 * i < end; i++) {
      int id = bytes[start + 1 + 2 * i] & 0xff;
      for (int c = 0; c < componentIds.length; c++) {
        work += componentIds[c] == id ? componentSamples[c] : 0;
      }
    }
  }

  /**
   * The scan, end or unknown marker that follows entropy-coded data and tables; -1 if none does.
   */
  private int markerAfterScan() {
    while (position + 1 < bytes.length) {
      if (bytes[position] != (byte) 0xff) {
        position++;
        continue;
      }
      int marker = bytes[position + 1] & 0xff;
      if (marker == 0xff) {
        position++;
      } else if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
        position += 2;
      } else {
        position += 2;
        boolean table =
            marker == 0xc4
                || marker == 0xcc
                || (marker >= 0xdb && marker <= 0xdd)
                || (marker >= 0xe0 && marker <= 0xef)
                || marker == 0xfe;
        if (!table) {
          return marker;
        }
        int length = position + 2 <= bytes.length ? uint16(position) : bytes.length;
        position = Math.min(bytes.length, position + Math.max(2, length));
      }
    }
    position = bytes.length;
    return -1;
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
    } else if (marker == 0xe1 && startsWith(start, end, EXIF)) {
      // A second Exif segment continues the first.
      tags.exif(bytes, tags.hasExif() ? start + EXIF.length : start, end);
    } else if (marker == 0xe1 && startsWith(start, end, XMP)) {
      tags.xmp(bytes, start + XMP.length, end);
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
    componentSamples = new long[components];
    int mostX = 1;
    int mostY = 1;
    for (int i = 0; i < components; i++) {
      mostX = Math.max(mostX, bytes[start + 7 + 3 * i] >> 4 & 0xf);
      mostY = Math.max(mostY, bytes[start + 7 + 3 * i] & 0xf);
    }
    for (int i = 0; i < components; i++) {
      componentIds[i] = bytes[start + 6 + 3 * i] & 0xff;
      long x = ceil((long) width * (bytes[start + 7 + 3 * i] >> 4 & 0xf), mostX);
      long y = ceil((long) height * (bytes[start + 7 + 3 * i] & 0xf), mostY);
      componentSamples[i] = x * y;
    }
  }

  private static long ceil(long numerator, int denominator) {
    return (numerator + denominator - 1) / denominator;
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
