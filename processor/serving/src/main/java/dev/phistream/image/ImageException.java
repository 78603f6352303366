package dev.phistream.image;

import dev.phistream.failure.UserException;
import org.jspecify.annotations.Nullable;

/** Why encoded bytes did not become a image. */
public final class ImageException extends UserException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, stable across releases so that dead letters can be sorted by it. */
  public enum Code {
    /** No bytes at all. */
    EMPTY("image-empty"),
    /** More encoded bytes, pixels or a longer edge than {@link DecodeLimits} allow. */
    TOO_LARGE("image-too-large"),
    /** Not a format that can be decoded here, or a rare feature of one. */
    UNSUPPORTED("image-unsupported"),
    /** The file ends before its image does. */
    TRUNCATED("image-truncated"),
    /** A known format with damaged or contradictory contents. */
    UNDECODABLE("image-undecodable");

    private final String id;

    Code(String id) {
      this.id = id;
    }

    /** The code as it appears in headers, logs and JSON: lower case, words joined by hyphens. */
    public String id() {
      return id;
    }
  }

  private final Code code;

  ImageException(Code code, String message) {
    this(code, message, null);
  }

  ImageException(Code code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The kind of failure. */
  public Code code() {
    return code;
  }
}
