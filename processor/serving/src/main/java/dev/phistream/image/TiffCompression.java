package dev.phistream.image;

import com.github.luben.zstd.ZstdInputStream;
import dev.phistream.image.ImageException.Code;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Decompresses strips and tiles. Each method fills as much of an array as the data yields and never
 * more, so that a block can't take more memory or time than its size in the directory.
 */
final class TiffCompression {
  static final int NONE = 1;
  static final int CCITT_RLE = 2;
  static final int CCITT_T4 = 3;
  static final int CCITT_T6 = 4;
  static final int LZW = 5;
  static final int OLD_JPEG = 6;
  static final int JPEG = 7;
  static final int DEFLATE = 8;
  static final int PACK_BITS = 32773;
  static final int OLD_DEFLATE = 32946;
  static final int LZMA = 34925;
  static final int ZSTD = 50000;
  static final int WEBP = 50001;

  /** What LZMA may take beside its output, in KiB: libtiff's encoder needs 8 MiB and some. */
  private static final int LZMA_KIBIBYTES = 70_000;

  private TiffCompression() {}

  static boolean isKnown(int compression) {
    return switch (compression) {
      case NONE, LZW, JPEG, DEFLATE, PACK_BITS, OLD_DEFLATE, LZMA, ZSTD, WEBP -> true;
      default -> false;
    };
  }

  /** Whether files of this compression may store differences of samples. */
  static boolean hasPredictor(int compression) {
    return switch (compression) {
      case LZW, DEFLATE, OLD_DEFLATE, LZMA, ZSTD -> true;
      default -> false;
    };
  }

  /**
   * Decompresses a block of plain samples.
   *
   * @return how many bytes of the output are filled
   * @throws ImageException if the data is damaged
   */
  static int decompress(int compression, byte[] data, byte[] out) throws ImageException {
    switch (compression) {
      case NONE -> {
        int count = Math.min(data.length, out.length);
        System.arraycopy(data, 0, out, 0, count);
        return count;
      }
      case LZW -> {
        return TiffLzw.decompress(data, out);
      }
      case PACK_BITS -> {
        return packBits(data, out);
      }
      default -> {
        ByteArrayInputStream in = new ByteArrayInputStream(data);
        try (InputStream stream = stream(compression, in)) {
          return stream.readNBytes(out, 0, out.length);
        } catch (EOFException e) {
          return 0;
        } catch (IOException | RuntimeException e) {
          throw new ImageException(Code.UNDECODABLE, "TIFF: damaged strip or tile", e);
        }
      }
    }
  }

  private static InputStream stream(int compression, InputStream in) throws IOException {
    return switch (compression) {
      case LZMA -> new XZInputStream(in, LZMA_KIBIBYTES);
      case ZSTD -> new ZstdInputStream(in);
      default -> new InflaterInputStream(in);
    };
  }

  /** TIFF 6.0, section 9. */
  private static int packBits(byte[] data, byte[] out) {
    int filled = 0;
    int at = 0;
    while (at < data.length && filled < out.length) {
      int head = data[at++];
      if (head >= 0) {
        int count = Math.min(Math.min(head + 1, data.length - at), out.length - filled);
        System.arraycopy(data, at, out, filled, count);
        at += head + 1;
        filled += count;
      } else if (head != -128 && at < data.length) {
        int count = Math.min(1 - head, out.length - filled);
        Arrays.fill(out, filled, filled + count, data[at++]);
        filled += count;
      }
    }
    return filled;
  }
}
