package dev.phistream.image;

import java.util.EnumSet;
import java.util.Set;

/**
 * What an {@link ImageDecoder} accepts and how it shows it.
 *
 * @param limits how large an image and the work for it may be
 * @param formats the formats that are decoded; all others are refused
 * @param background what shows through transparent pixels
 * @param jpegLibrary what decodes JPEG files
 * @param reducesLarge whether images far larger than what is needed may be decoded reduced: faster,
 *     and some grey levels off
 */
public record DecodeSettings(
    DecodeLimits limits,
    Set<ImageFormat> formats,
    Background background,
    JpegLibrary jpegLibrary,
    boolean reducesLarge) {
  /**
   * The default limits, the default formats, white behind transparent pixels, the fastest JPEG
   * library, and images in full size.
   */
  public static final DecodeSettings DEFAULT = of(DecodeLimits.DEFAULT);

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if no format is left
   */
  public DecodeSettings {
    if (formats.isEmpty()) {
      throw new IllegalArgumentException("formats: none (expected: at least one)");
    }
    formats = Set.copyOf(EnumSet.copyOf(formats));
  }

  /** Settings with the fastest JPEG library and images in full size. */
  public DecodeSettings(DecodeLimits limits, Set<ImageFormat> formats, Background background) {
    this(limits, formats, background, JpegLibrary.AUTO, false);
  }

  /** The defaults with other limits. */
  public static DecodeSettings of(DecodeLimits limits) {
    return new DecodeSettings(limits, ImageFormat.defaults(), Background.WHITE);
  }

  /** These settings with another JPEG library. */
  public DecodeSettings withJpegLibrary(JpegLibrary library) {
    return new DecodeSettings(limits, formats, background, library, reducesLarge);
  }

  /** These settings with or without reduced decoding of large images. */
  public DecodeSettings withReducesLarge(boolean reduces) {
    return new DecodeSettings(limits, formats, background, jpegLibrary, reduces);
  }
}
