package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Finds the orientation in a PNG's metadata: the eXIf chunk, the text chunk into which ImageMagick
 * writes Exif, and XMP in any text chunk of its name. Nothing else is inflated.
 */
final class PngText {
  private static final String XMP = "XML:com.adobe.xmp";
  private static final String RAW_EXIF = "Raw profile type exif";
  private static final int LONGEST_KEY = 79;

  /** Pillow's limit for one text, in bytes. */
  private static final int MOST_INFLATED = 1 << 20;

  /** Files have one or two such chunks; more are not worth inflating. */
  private static final int MOST_INFLATIONS = 4;

  private static final byte[] NONE = {};

  private byte[] exif = NONE;
  private byte[] rawExif = NONE;
  private byte[] xmp = NONE;
  private int inflations;

  void exif(byte[] bytes, int start, int end) {
    exif = slice(bytes, start, end);
  }

  void plain(byte[] bytes, int start, int end) {
    String key = key(bytes, start, end);
    if (key != null) {
      keep(key, slice(bytes, start + key.length() + 1, end));
    }
  }

  void compressed(byte[] bytes, int start, int end) {
    String key = key(bytes, start, end);
    int method = key == null ? end : start + key.length() + 1;
    if (key != null && method < end && bytes[method] == 0) {
      keep(key, inflate(bytes, method + 1, end));
    }
  }

  void international(byte[] bytes, int start, int end) {
    String key = key(bytes, start, end);
    if (key == null) {
      return;
    }
    int flag = start + key.length() + 1;
    int language = endOf(bytes, flag + 2, end);
    int text = language < 0 ? -1 : endOf(bytes, language + 1, end);
    if (text < 0) {
      return;
    }
    if (bytes[flag] == 0) {
      keep(key, slice(bytes, text + 1, end));
    } else if (bytes[flag + 1] == 0) {
      keep(key, inflate(bytes, text + 1, end));
    }
  }

  Orientation orientation() {
    OrientationTags tags = new OrientationTags();
    byte[] block = exif.length > 0 ? exif : fromHex(rawExif);
    tags.exif(block, 0, block.length);
    tags.xmp(xmp, 0, xmp.length);
    return tags.orientation();
  }

  private void keep(String key, byte[] value) {
    if (key.equals(XMP)) {
      xmp = value;
    } else {
      rawExif = value;
    }
  }

  /** The key of a text chunk if it is of interest. */
  private static @Nullable String key(byte[] bytes, int start, int end) {
    int zero = endOf(bytes, start, Math.min(end, start + LONGEST_KEY + 1));
    String key = zero < 0 ? "" : new String(bytes, start, zero - start, ISO_8859_1);
    return key.equals(XMP) || key.equals(RAW_EXIF) ? key : null;
  }

  /** Where the next zero byte is; -1 if there is none. */
  private static int endOf(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private byte[] inflate(byte[] bytes, int start, int end) {
    if (++inflations > MOST_INFLATIONS) {
      return NONE;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes, start, end - start);
      byte[] out = new byte[MOST_INFLATED];
      int length = 0;
      for (int count = 1; count > 0; length += count) {
        count = inflater.inflate(out, length, out.length - length);
      }
      return slice(out, 0, length);
    } catch (DataFormatException e) {
      return NONE;
    } finally {
      inflater.end();
    }
  }

  /** ImageMagick's profile: a newline, name, newline, length, newline, and hexadecimal digits. */
  private static byte[] fromHex(byte[] profile) {
    int start = 0;
    for (int line = 0; line < 3; line++) {
      while (start < profile.length && profile[start] != '\n') {
        start++;
      }
      start++;
    }
    byte[] out = new byte[Math.max(0, profile.length - start) / 2];
    int digits = 0;
    for (int i = start; i < profile.length; i++) {
      int digit = Character.digit(profile[i], 16);
      if (digit >= 0 && digits < 2 * out.length) {
        out[digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
        digits++;
      }
    }
    return slice(out, 0, digits / 2);
  }

  private static byte[] slice(byte[] bytes, int start, int end) {
    return Arrays.copyOfRange(bytes, Math.min(start, end), end);
  }
}
