package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JPEG, PNG, GIF, BMP, TIFF and WebP files into upright RGB images. The bytes decide the
 * format, not any name or media type. Animations give their first frame; alpha and colour profiles
 * are ignored; Exif orientation is applied. Thread-safe.
 */
public final class ImageDecoder {
  /** What the WebP reader takes for the objects of its macro-blocks, in bytes a pixel, and some. */
  private static final long WEBP_BYTES_PER_PIXEL = 64;

  /** Part of the Java heap that one WebP image may take, 1 ÷ this. */
  private static final long WEBP_PART_OF_HEAP = 4;

  private final DecodeLimits limits;
  private final FormatDecoder jpeg;
  private final FormatDecoder png;
  private final FormatDecoder gif;
  private final FormatDecoder bmp;
  private final FormatDecoder tiff;
  private final FormatDecoder webp;

  /** Creates a decoder that refuses what exceeds the limits. */
  public ImageDecoder(DecodeLimits limits) {
    this.limits = limits;
    jpeg = new JpegDecoder(limits);
    png = new PngDecoder(limits);
    gif = new GifDecoder(limits);
    bmp = new PluginDecoder(limits, Readers.twelveMonkeys("bmp"), bytes -> Orientation.NORMAL);
    tiff =
        new PluginDecoder(
            limits,
            Readers.twelveMonkeys("tiff"),
            bytes -> Exif.orientation(bytes, 0, bytes.length));
    webp = new PluginDecoder(webp(limits), Readers.twelveMonkeys("webp"), Riff::orientation);
  }

  /**
   * Decodes a file.
   *
   * @throws ImageException if the bytes are no image, a damaged or truncated one, one of an
   *     unsupported kind, or one beyond the limits
   */
  public RgbImage decode(byte[] encoded) throws ImageException {
    limits.checkEncoded(encoded.length);
    FormatDecoder decoder = decoderFor(encoded);
    if (decoder == null) {
      throw new ImageException(
          Code.UNSUPPORTED, "format: unknown (expected: JPEG, PNG, GIF, BMP, TIFF or WebP)");
    }
    try {
      return decoder.decode(encoded).upright();
    } catch (IOException | RuntimeException e) {
      // The readers answer damaged files with any runtime exception.
      Code code = hasCause(e, EOFException.class) ? Code.TRUNCATED : Code.UNDECODABLE;
      String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ImageException(code, "damaged file: " + what, e);
    }
  }

  /** Thirty bytes that promise 64 million pixels would take all memory. */
  private static DecodeLimits webp(DecodeLimits limits) {
    long most = Runtime.getRuntime().maxMemory() / WEBP_PART_OF_HEAP / WEBP_BYTES_PER_PIXEL;
    return new DecodeLimits(
        limits.maxEncodedBytes(),
        Math.max(1, Math.min(limits.maxPixels(), most)),
        limits.maxDimension());
  }

  private @Nullable FormatDecoder decoderFor(byte[] encoded) {
    if (JpegHeader.matches(encoded)) {
      return jpeg;
    } else if (PngChunks.matches(encoded)) {
      return png;
    } else if (GifDecoder.matches(encoded)) {
      return gif;
    } else if (Magic.at(encoded, 0, "BM")) {
      return bmp;
    } else if (Magic.at(encoded, 0, 'I', 'I', 42, 0)
        || Magic.at(encoded, 0, 'M', 'M', 0, 42)
        || Magic.at(encoded, 0, 'I', 'I', 43, 0)
        || Magic.at(encoded, 0, 'M', 'M', 0, 43)) {
      return tiff;
    } else if (Magic.at(encoded, 0, "RIFF") && Magic.at(encoded, 8, "WEBP")) {
      return webp;
    }
    return null;
  }

  private static boolean hasCause(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
