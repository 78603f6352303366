package dev.phistream.text;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * Makes text from events safe to repeat. A sender decides how long such text is and what stands in
 * it: without a limit, a variant name of 9 MB would stand in a header, a message and a log line.
 */
public final class EventText {
  /** The most bytes that an excerpt has, in UTF-8. */
  public static final int MAX_BYTES = 512;

  private static final int MAX_UTF8_BYTES_PER_CHAR = 3;

  private EventText() {}

  /**
   * Cuts a text to {@link #MAX_BYTES} and says how long it was. Shorter texts are returned as they
   * are.
   */
  public static String excerpt(String text) {
    return excerpt(text, MAX_BYTES);
  }

  /** Cuts a text to a number of bytes in UTF-8, at least 64, and says how long it was. */
  public static String excerpt(String text, int maxBytes) {
    if (text.length() <= maxBytes / MAX_UTF8_BYTES_PER_CHAR) {
      return text;
    }
    // A prefix tells, so that a long text isn't encoded to be counted.
    String start = text.substring(0, Math.min(text.length(), maxBytes + 1));
    if (start.length() == text.length() && utf8Bytes(start) <= maxBytes) {
      return text;
    }
    String remark = "… (%d characters)".formatted(text.length());
    int left = maxBytes - utf8Bytes(remark);
    int end = 0;
    while (end < start.length()) {
      int codePoint = start.codePointAt(end);
      left -= utf8Bytes(Character.toString(codePoint));
      if (left < 0) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end) + remark;
  }

  /**
   * Replaces what a terminal or an editor would obey by visible escapes such as {@code \u001b}:
   * control characters, line separators, and characters that change the direction of writing.
   */
  public static String printable(String text) {
    if (text.codePoints().allMatch(EventText::isPrintable)) {
      return text;
    }
    StringBuilder printable = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            codePoint -> {
              if (isPrintable(codePoint)) {
                printable.appendCodePoint(codePoint);
              } else {
                IntStream.of(Character.toString(codePoint).chars().toArray())
                    .forEach(unit -> printable.append("\\u%04x".formatted(unit)));
              }
            });
    return printable.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static int utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
