package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.io.EOFException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes files of the formats in {@link ImageFormat} into upright RGB images. The bytes decide the
 * format, not any name or media type. Animations give their first frame; transparent pixels show
 * the background; colour profiles are ignored; the orientation in Exif or XMP is applied. What
 * decoding costs is checked before any pixel is decoded. Thread-safe.
 */
public final class ImageDecoder {
  private final DecodeSettings settings;
  private final String jpegLibrary;
  private final Map<ImageFormat, FormatDecoder> decoders = new EnumMap<>(ImageFormat.class);

  /** Creates a decoder of the default formats that refuses what exceeds the limits. */
  public ImageDecoder(DecodeLimits limits) {
    this(DecodeSettings.of(limits));
  }

  /**
   * Creates a decoder.
   *
   * @throws IllegalStateException if the system has no JPEG library such as the settings name
   */
  public ImageDecoder(DecodeSettings settings) {
    this.settings = settings;
    Optional<TurboJpeg> turbo = settings.jpegLibrary().load();
    jpegLibrary =
        turbo.isPresent()
            ? "libjpeg-turbo"
            : "the JDK's reader (%s)".formatted(System.getProperty("java.vendor"));
    FormatDecoder jpeg = new JpegDecoder(turbo);
    FormatDecoder png = new PngDecoder();
    decoders.put(ImageFormat.JPEG, jpeg);
    decoders.put(ImageFormat.PNG, png);
    decoders.put(ImageFormat.GIF, new GifDecoder());
    decoders.put(ImageFormat.BMP, new BmpDecoder(jpeg, png));
    decoders.put(ImageFormat.TIFF, new TiffDecoder());
    decoders.put(ImageFormat.WEBP, new WebpDecoder());
    decoders.put(ImageFormat.ICO, new IcoDecoder());
    decoders.put(ImageFormat.PNM, new PnmDecoder());
    decoders.put(ImageFormat.AVIF, new HeifDecoder(ImageFormat.AVIF));
    decoders.put(ImageFormat.HEIC, new HeifDecoder(ImageFormat.HEIC));
    decoders.keySet().retainAll(settings.formats());
  }

  /**
   * Reads a file's headers and says what decoding would take. It takes time linear in the file's
   * length, and no memory for pixels.
   *
   * @throws ImageException if {@link #decode} would refuse the file for what its headers say
   */
  public DecodeCost inspect(byte[] encoded) throws ImageException {
    EncodedImage image = open(encoded);
    return image.cost().turned(image.orientation());
  }

  /** Returns what decodes JPEG files, in words for operators. */
  public String jpegLibrary() {
    return jpegLibrary;
  }

  /**
   * Decodes a file in full size.
   *
   * @throws ImageException if the bytes are no image, a damaged or truncated one, one of an
   *     unsupported kind, or one beyond the limits
   */
  public RgbImage decode(byte[] encoded) throws ImageException {
    return decode(encoded, Integer.MAX_VALUE);
  }

  /**
   * Decodes a file; if the settings allow it, reduced to a half, a quarter or an eighth where that
   * is faster and at least twice the needed short edge remains.
   *
   * @param shortEdge what the caller needs of the short edge, in pixels
   * @throws ImageException if the bytes are no image, a damaged or truncated one, one of an
   *     unsupported kind, or one beyond the limits
   */
  public RgbImage decode(byte[] encoded, int shortEdge) throws ImageException {
    EncodedImage image = open(encoded);
    int needed = settings.reducesLarge() ? shortEdge : Integer.MAX_VALUE;
    try {
      return image.orientation().upright(image.decode(settings.background(), needed));
    } catch (IOException | RuntimeException e) {
      throw damaged(e);
    }
  }

  private EncodedImage open(byte[] encoded) throws ImageException {
    settings.limits().checkEncoded(encoded.length);
    ImageFormat format = ImageFormat.detect(encoded);
    FormatDecoder decoder = format == null ? null : decoders.get(format);
    if (decoder == null) {
      throw new ImageException(Code.UNSUPPORTED, Unsupported.message(encoded, settings.formats()));
    }
    try {
      EncodedImage image = decoder.open(encoded);
      settings.limits().check(image.cost());
      return image;
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  /** The readers answer damaged files with any exception. */
  private static ImageException damaged(Exception e) {
    Code code = hasCause(e, EOFException.class) ? Code.TRUNCATED : Code.UNDECODABLE;
    String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ImageException(code, "damaged file: " + what, e);
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
