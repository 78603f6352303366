package dev.phistream.image;

import java.util.Set;
import java.util.stream.Collectors;

/** Says what bytes are that are no image which can be decoded. */
final class Unsupported {
  private Unsupported() {}

  static String message(byte[] bytes, Set<ImageFormat> formats) {
    return "format: unknown (expected: "
        + formats.stream().sorted().map(Enum::name).collect(Collectors.joining(", "))
        + ")";
  }
}
