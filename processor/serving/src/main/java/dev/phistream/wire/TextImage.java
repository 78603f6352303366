package dev.phistream.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encoded images that were turned into text: base64 alone, quoted, or in a data URL (RFC 2397). */
final class TextImage {
  private static final String DATA = "data:";
  private static final String BASE64 = ";base64";
  private static final int LONGEST_MEDIA_TYPE = 128;

  /** How base64 of JPEG, PNG, GIF, WebP, TIFF, BMP and ISO media files begins. */
  private static final List<String> STARTS =
      List.of("/9j/", "iVBORw0KGgo", "R0lGOD", "UklGR", "SUkqA", "TU0AK", "Qk", "AAAA");

  private TextImage() {}

  /** The image in a value that is such text from beginning to end; null if it is none. */
  static byte @Nullable [] decode(byte[] value) {
    int start = 0;
    int end = value.length;
    while (start < end && isSpace(value[start])) {
      start++;
    }
    while (start < end && isSpace(value[end - 1])) {
      end--;
    }
    if (end - start >= 2 && value[start] == '"' && value[end - 1] == '"') {
      start++;
      end--;
    }
    return decode(value, start, end, false);
  }

  /** The bytes in a text that must be base64 or a data URL; null if it is neither. */
  static byte @Nullable [] anyBase64(byte[] text) {
    return decode(text, 0, text.length, true);
  }

  private static byte @Nullable [] decode(byte[] value, int start, int end, boolean certain) {
    String head = new String(value, start, Math.min(LONGEST_MEDIA_TYPE, end - start), ISO_8859_1);
    if (head.startsWith(DATA)) {
      int comma = head.indexOf(',');
      return comma < 0 || !head.substring(0, comma).endsWith(BASE64)
          ? null
          : base64(value, start + comma + 1, end);
    }
    return certain || STARTS.stream().anyMatch(head::startsWith) ? base64(value, start, end) : null;
  }

  private static byte @Nullable [] base64(byte[] value, int start, int end) {
    byte[] text = Arrays.copyOfRange(value, start, end);
    boolean lines = false;
    for (int i = 0; i < text.length; i++) {
      // The alphabet for URLs has two other characters.
      if (text[i] == '-') {
        text[i] = '+';
      } else if (text[i] == '_') {
        text[i] = '/';
      } else if (isSpace(text[i])) {
        lines = true;
      } else if (!isAlphabet(text[i])) {
        return null;
      }
    }
    try {
      return (lines ? Base64.getMimeDecoder() : Base64.getDecoder()).decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean isAlphabet(byte c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/'
        || c == '=';
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
}
