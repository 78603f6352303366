package dev.phistream.pipeline;

import dev.phistream.text.EventText;

/** Why an image got no labels. The stream goes on; the event becomes a dead letter. */
public final class ClassificationException extends Exception {
  /** The code of a model that failed on an image that is in order. */
  public static final String INFERENCE_FAILED = "inference-failed";

  /** The code of an image for which there is no memory, even when it is decoded alone. */
  public static final String OUT_OF_MEMORY = "out-of-memory";

  private final String code;

  /**
   * Creates the exception.
   *
   * @param code stable, lower case with hyphens, for programs to act on
   * @param message for people: what, where and what to do; cut to {@link EventText#MAX_BYTES}
   */
  public ClassificationException(String code, String message, Throwable cause) {
    super(EventText.excerpt(message), cause);
    this.code = code;
  }

  /** As above, without a cause. */
  public ClassificationException(String code, String message) {
    super(EventText.excerpt(message));
    this.code = code;
  }

  /** The stable error code. */
  public String code() {
    return code;
  }
}
