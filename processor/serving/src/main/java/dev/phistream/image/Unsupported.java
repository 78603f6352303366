package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says what bytes are that are no image which is decoded here, so that whoever sent them can tell
 * what went wrong on the way: another format, text, an error page, or an image that was encoded or
 * damaged by its transport.
 */
final class Unsupported {
  private static final int SHOWN_BYTES = 8;
  private static final int SHOWN_TEXT = 40;
  private static final int MOST_LEADING_BYTES = 64;

  /** First bytes, as ISO 8859-1 text, of what is sent by mistake and of rarer image formats. */
  private static final Map<String, String> SIGNATURES = signatures();

  private static final Map<String, String> BASE64 =
      Map.of(
          "/9j/", "JPEG",
          "iVBORw0KGgo", "PNG",
          "R0lGOD", "GIF",
          "UklGR", "WebP",
          "Qk", "BMP",
          "SUkqAA", "TIFF",
          "TU0AKg", "TIFF");

  private Unsupported() {}

  /** What was seen and what is expected instead. */
  static String message(byte[] bytes, Set<ImageFormat> formats) {
    ImageFormat format = ImageFormat.detect(bytes);
    if (format != null) {
      return seen(bytes) + ": not among images.formats (" + ids(formats) + ")";
    }
    return seen(bytes) + " (expected: " + ids(formats) + ")";
  }

  private static String ids(Set<ImageFormat> formats) {
    return formats.stream().sorted().map(ImageFormat::id).collect(Collectors.joining(", "));
  }

  /** Names the bytes in a few words, without control characters. */
  static String seen(byte[] bytes) {
    if (Magic.at(bytes, 4, "ftyp")) {
      return isoMedia(bytes);
    }
    ImageFormat format = ImageFormat.detect(bytes);
    if (format != null) {
      return format.name();
    }
    String start = new String(bytes, 0, Math.min(bytes.length, 256), ISO_8859_1);
    for (Map.Entry<String, String> signature : SIGNATURES.entrySet()) {
      if (start.startsWith(signature.getKey())) {
        return signature.getValue();
      }
    }
    String behind = imageBehind(bytes);
    if (behind != null) {
      return behind;
    }
    String text = start.strip();
    if (text.startsWith("\u00ef\u00bb\u00bf")) {
      text = text.substring(3).strip();
    }
    if (text.isEmpty() || start.chars().allMatch(c -> c == 0)) {
      return bytes.length + " bytes of " + (start.charAt(0) == 0 ? "zeros" : "white space");
    }
    return text(text);
  }

  private static String text(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return "HTML, perhaps an error page";
    } else if (lower.startsWith("<svg") || (lower.startsWith("<?xml") && lower.contains("<svg"))) {
      return "SVG";
    } else if (lower.startsWith("<?xml") || lower.startsWith("<")) {
      return "XML";
    } else if (lower.startsWith("data:")) {
      return "a data URL (decode its base64, or set input.format)";
    } else if (lower.startsWith("http://") || lower.startsWith("https://")) {
      return "a URL, not what it points at";
    } else if (lower.startsWith("ffd8ff") || lower.startsWith("89504e47")) {
      return "an image in hexadecimal digits (send its bytes)";
    }
    String unquoted = text.startsWith("\"") ? text.substring(1) : text;
    for (Map.Entry<String, String> image : BASE64.entrySet()) {
      if (unquoted.startsWith(image.getKey()) && isBase64(unquoted)) {
        return image.getValue() + " in base64 (send its bytes, or set input.format)";
      }
    }
    if (text.startsWith("{") || text.startsWith("[")) {
      return "JSON (send the image's bytes, or set input.format)";
    }
    long printable = text.chars().filter(c -> c >= ' ' && c < 0x7f).count();
    if (printable == text.length()) {
      String shown = text.substring(0, Math.min(SHOWN_TEXT, text.length()));
      return "text: '" + shown + (text.length() > SHOWN_TEXT ? "...'" : "'");
    }
    return "unknown bytes: " + hex(text.getBytes(ISO_8859_1), text.length());
  }

  private static boolean isBase64(String text) {
    String head = text.substring(0, Math.min(16, text.length()) / 4 * 4);
    try {
      return Base64.getDecoder().decode(head).length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String isoMedia(byte[] bytes) {
    String brand =
        new String(bytes, 8, Math.max(0, Math.min(4, bytes.length - 8)), ISO_8859_1)
            .replaceAll("[^ -~]", "?")
            .strip();
    ImageFormat format = ImageFormat.detect(bytes);
    String what = format == null ? "MP4 video or a relative of it" : format.name();
    return what + " (ftyp " + brand + ")";
  }

  /** An image with something before it, such as the rest of a text header. */
  private static @Nullable String imageBehind(byte[] bytes) {
    for (int skip = 1; skip <= MOST_LEADING_BYTES && skip + 8 < bytes.length; skip++) {
      String name = null;
      if (Magic.at(bytes, skip, 0xff, 0xd8, 0xff)) {
        name = "JPEG";
      } else if (Magic.at(bytes, skip, 0x89, 'P', 'N', 'G', '\r', '\n')) {
        name = "PNG";
      } else if (Magic.at(bytes, skip, "GIF8")) {
        name = "GIF";
      }
      if (name != null) {
        return name + " behind " + skip + " other bytes: " + hex(bytes, skip);
      }
    }
    return null;
  }

  private static String hex(byte[] bytes, int count) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(Math.min(count, SHOWN_BYTES), bytes.length); i++) {
      hex.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%02x", bytes[i]));
    }
    return hex + (count > SHOWN_BYTES ? " ..." : "");
  }

  private static Map<String, String> signatures() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("\u00ef\u00bf\u00bd\u00ef\u00bf\u00bd\u00ef\u00bf\u00bd", mangled("JPEG"));
    names.put("\u00ef\u00bf\u00bdPNG", mangled("PNG"));
    names.put("\u00c3\u00bf\u00c3\u0098\u00c3\u00bf", mangled("JPEG"));
    names.put("\u00c2\u0089PNG", mangled("PNG"));
    names.put("\u0089PNG", "PNG whose line ends were changed (a transfer in text mode)");
    names.put("\u00ff\u00d8", "the first two bytes of a JPEG, and then something else");
    names.put("\u001f\u008b", "gzip");
    names.put("PK\u0003\u0004", "ZIP");
    names.put("(\u00b5/\u00fd", "Zstandard");
    names.put("BZh", "bzip2");
    names.put("\u00fd7zXZ", "xz");
    names.put("%PDF", "PDF");
    names.put("%!PS", "PostScript");
    names.put("Obj\u0001", "an Avro file");
    names.put("8BPS", "Photoshop");
    names.put("\u0000\u0000\u0000\fJXL ", "JPEG XL");
    names.put("\u00ff\n", "JPEG XL");
    names.put("\u0000\u0000\u0000\fjP  ", "JPEG 2000");
    names.put("\u00ffO\u00ffQ", "JPEG 2000");
    names.put("II\u00bc\u0001", "JPEG XR");
    names.put("P7", "PAM");
    names.put("PF\n", "PFM");
    names.put("qoif", "QOI");
    names.put("DDS ", "DDS");
    names.put("v/1\u0001", "OpenEXR");
    names.put("#?RADIANCE", "Radiance HDR");
    names.put("SIMPLE  =", "FITS");
    names.put("icns", "Apple icons");
    names.put("\u0000\u0000\u0002\u0000", "a Windows cursor");
    names.put("gimp xcf", "GIMP");
    names.put("BPG\u00fb", "BPG");
    names.put("RIFF", "a RIFF file other than WebP, perhaps audio or video");
    names.put("\u001aE\u00df\u00a3", "Matroska or WebM video");
    names.put("OggS", "Ogg audio or video");
    names.put("ID3", "MP3 audio");
    names.put("\u007fELF", "a program");
    names.put("MZ", "a program");
    return names;
  }

  private static String mangled(String format) {
    return format + " that was read and written as UTF-8 text; its bytes are lost";
  }
}
