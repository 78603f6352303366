package dev.phistream.pipeline;

/** Why an image got no labels. The stream goes on; the event becomes a dead letter. */
public final class ClassificationException extends Exception {
  /** The code of a model that failed on a image that is in order. */
  public static final String INFERENCE_FAILED = "inference-failed";

  private final String code;

  /**
   * Creates the exception.
   *
   * @param code stable, lower case with hyphens, for programs to act on
   * @param message for people: what, where and what to do
   */
  public ClassificationException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** As above, without a cause. */
  public ClassificationException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** The stable error code. */
  public String code() {
    return code;
  }
}
