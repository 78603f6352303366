package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a image's orientation from its metadata. Damaged metadata counts as none. */
final class Exif {
  private static final Pattern XMP_ORIENTATION =
      Pattern.compile("tiff:Orientation(?:=\"|>)([1-8])");

  private Exif() {}

  /** The orientation in an Exif block, which begins with its TIFF header. */
  static Orientation orientation(byte[] bytes, int from, int to) {
    Metadata metadata = new Metadata();
    new ExifReader().extract(new ByteArrayReader(Arrays.copyOfRange(bytes, from, to)), metadata);
    ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    Integer value =
        directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
    return value == null ? Orientation.NORMAL : Orientation.ofExif(value);
  }

  /** The orientation in an XMP packet, or null if it says nothing. */
  static @Nullable Orientation xmpOrientation(byte[] bytes, int from, int to) {
    // Every character of interest is ASCII, in UTF-8 as in ISO 8859-1.
    Matcher matcher = XMP_ORIENTATION.matcher(new String(bytes, from, to - from, ISO_8859_1));
    return matcher.find() ? Orientation.ofExif(Integer.parseInt(matcher.group(1))) : null;
  }
}
