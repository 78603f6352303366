package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects what a file's metadata says on orientation, and decides as Pillow's {@code
 * ImageOps.exif_transpose} does: the Exif tag if there is one, else the XMP packet that came last.
 * It reads no more of either than that, in time linear in their length.
 */
final class OrientationTags {
  private static final Pattern XMP_ORIENTATION =
      Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  private final ByteArrayOutputStream exif = new ByteArrayOutputStream(0);
  private String xmp = "";

  /** Adds an Exif block, or the next part of one. */
  void exif(byte[] bytes, int from, int to) {
    exif.write(bytes, from, to - from);
  }

  boolean hasExif() {
    return exif.size() > 0;
  }

  /** Replaces the XMP packet. */
  void xmp(byte[] bytes, int from, int to) {
    // Every character of interest is ASCII, in UTF-8 as in ISO 8859-1.
    xmp = new String(bytes, from, to - from, ISO_8859_1);
  }

  Orientation orientation() {
    byte[] block = exif.toByteArray();
    int start = 0;
    while (Magic.at(block, start, 'E', 'x', 'i', 'f', 0, 0)) {
      start += 6;
    }
    Integer tag = ExifTag.orientation(block, start);
    if (tag != null) {
      return Orientation.ofExif(tag);
    }
    Matcher matcher = XMP_ORIENTATION.matcher(xmp);
    return matcher.find()
        ? Orientation.ofExif(Integer.parseInt(matcher.group(1)))
        : Orientation.NORMAL;
  }
}
