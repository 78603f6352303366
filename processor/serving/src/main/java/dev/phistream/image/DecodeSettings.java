package dev.phistream.image;

import java.util.EnumSet;
import java.util.Set;

/**
 * What an {@link ImageDecoder} accepts and how it shows it.
 *
 * @param limits how large an image and the work for it may be
 * @param formats the formats that are decoded; all others are refused
 * @param background what shows through transparent pixels
 */
public record DecodeSettings(DecodeLimits limits, Set<ImageFormat> formats, Background background) {
  /** The default limits, the default formats, and white behind transparent pixels. */
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

  /** The defaults with other limits. */
  public static DecodeSettings of(DecodeLimits limits) {
    return new DecodeSettings(limits, ImageFormat.defaults(), Background.WHITE);
  }
}
