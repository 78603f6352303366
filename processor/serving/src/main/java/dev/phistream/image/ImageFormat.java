package dev.phistream.image;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The file formats that {@link ImageDecoder} knows. The bytes decide the format, not any name. */
public enum ImageFormat {
  /** JPEG: baseline, extended and progressive, Huffman coded, 8 bits. */
  JPEG("jpeg", true),
  /** PNG, and the default image of an APNG. */
  PNG("png", true),
  /** GIF: the first frame. */
  GIF("gif", true),
  /** Windows and OS/2 bitmaps. */
  BMP("bmp", true),
  /** TIFF and BigTIFF: the first image. */
  TIFF("tiff", true),
  /** WebP, lossy and lossless: the first frame. Needs the bundled libwebp. */
  WEBP("webp", true),
  /** Windows icons: the largest image. */
  ICO("ico", true),
  /** PBM, PGM and PPM, plain and raw. */
  PNM("pnm", true),
  /** AVIF through the host's libheif. */
  AVIF("avif", false),
  /** HEIC through the host's libheif. */
  HEIC("heic", false);

  private final String id;
  private final boolean byDefault;

  ImageFormat(String id, boolean byDefault) {
    this.id = id;
    this.byDefault = byDefault;
  }

  /** The format's name in settings, in lower case. */
  public String id() {
    return id;
  }

  /**
   * The formats that are decoded unless a setting says otherwise: all whose decoders are written in
   * Java or fuzzed as hard as browsers' are.
   */
  public static Set<ImageFormat> defaults() {
    return Collections.unmodifiableSet(
        Arrays.stream(values())
            .filter(format -> format.byDefault)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(ImageFormat.class))));
  }

  /**
   * The format with a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists all names
   */
  public static ImageFormat of(String name) {
    for (ImageFormat format : values()) {
      if (format.id.equals(name.trim().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        name
            + " (expected: "
            + Arrays.stream(values()).map(ImageFormat::id).collect(Collectors.joining(", "))
            + ")");
  }

  /** The format that a file begins like; null if it is none of these. */
  public static @Nullable ImageFormat detect(byte[] file) {
    if (Magic.at(file, 0, 0xff, 0xd8, 0xff)) {
      return JPEG;
    } else if (Magic.at(file, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return PNG;
    } else if (Magic.at(file, 0, "GIF87a") || Magic.at(file, 0, "GIF89a")) {
      return GIF;
    } else if (Magic.at(file, 0, "BM")) {
      return BMP;
    } else if (Magic.at(file, 0, 'I', 'I', 42, 0)
        || Magic.at(file, 0, 'M', 'M', 0, 42)
        || Magic.at(file, 0, 'I', 'I', 43, 0)
        || Magic.at(file, 0, 'M', 'M', 0, 43)) {
      return TIFF;
    } else if (Magic.at(file, 0, "RIFF") && Magic.at(file, 8, "WEBP")) {
      return WEBP;
    } else if (Magic.at(file, 0, 0, 0, 1, 0)) {
      return ICO;
    } else if (file.length > 2
        && file[0] == 'P'
        && file[1] >= '1'
        && file[1] <= '6'
        && Character.isWhitespace(file[2])) {
      return PNM;
    } else if (Magic.at(file, 4, "ftyp")) {
      return IsoBrands.format(file);
    }
    return null;
  }
}
