package dev.phistream.bench;

/** Files that the image benchmark decodes. */
public enum ImageKind {
  /** Photographs of about 500×375 pixels as JPEG files of about 90 kB. */
  JPEG("JPEG 90 kB"),
  /** JPEG files of 4000×3000 pixels. */
  LARGE_JPEG("JPEG 12 MP"),
  /** The photographs as PNG files. */
  PNG("PNG"),
  /** The photographs as lossy WebP files of quality 75. */
  WEBP("WebP");

  private final String label;

  ImageKind(String label) {
    this.label = label;
  }

  /** For people. */
  public String label() {
    return label;
  }
}
