package dev.phistream.bench;

import dev.phistream.image.JpegLibrary;

/** What the image benchmark measures. */
public enum ImageSubject {
  /** This program with the fastest JPEG library there is. */
  PHISTREAM("Phistream"),
  /** This program with {@code images.fast-decode}. */
  PHISTREAM_FAST("Phistream, fast-decode"),
  /** This program with the JDK's JPEG reader. */
  PHISTREAM_JDK("Phistream, JDK's reader"),
  /** ImageIO and Java 2D. */
  IMAGE_IO("ImageIO and Java 2D"),
  /** Python with Pillow. */
  PILLOW("Pillow");

  private final String label;

  ImageSubject(String label) {
    this.label = label;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** Whether the subject differs for these files from the others of this program. */
  boolean measures(ImageKind kind) {
    return switch (this) {
      case PHISTREAM_FAST -> kind == ImageKind.LARGE_JPEG;
      case PHISTREAM_JDK -> kind == ImageKind.JPEG || kind == ImageKind.LARGE_JPEG;
      default -> true;
    };
  }

  /** What decodes JPEG files for this program. */
  JpegLibrary jpegLibrary() {
    return this == PHISTREAM_JDK ? JpegLibrary.JDK : JpegLibrary.AUTO;
  }
}
