package dev.phistream.image;

import dev.phistream.image.ImageException.Code;
import java.io.EOFException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Decodes files of the formats in {@link ImageFormat} into upright RGB images. The bytes decide the
 * format, not any name or media type. Animations give their first frame; transparent pixels show
 * the background; colour profiles are ignored; the orientation in Exif or XMP is applied. What
 * decoding costs is checked before any pixel is decoded. Thread-safe.
 */
public final class ImageDecoder {
  private final DecodeSettings settings;
  private final Map<ImageFormat, FormatDecoder> decoders = new EnumMap<>(ImageFormat.class);

  /** Creates a decoder of the default formats that refuses what exceeds the limits. */
  public ImageDecoder(DecodeLimits limits) {
    this(DecodeSettings.of(limits));
  }

  /** Creates a decoder. */
  public ImageDecoder(DecodeSettings settings) {
    this.settings = settings;
    decoders.put(ImageFormat.JPEG, new JpegDecoder());
    decoders.put(ImageFormat.PNG, new PngDecoder());
    decoders.put(ImageFormat.GIF, new GifDecoder());
    decoders.put(ImageFormat.BMP, new BmpDecoder());
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

  /**
   * Decodes a file.
   *
   * @throws ImageException if the bytes are no image, a damaged or truncated one, one of an
   *     unsupported kind, or one beyond the limits
   */
  public RgbImage decode(byte[] encoded) throws ImageException {
    EncodedImage image = open(encoded);
    try {
      return image.orientation().upright(image.decode(settings.background()));
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
