package dev.phistream.inference;

/** The engine failed on a micro-batch. */
public class InferenceException extends Exception {
  /** Creates the exception. */
  public InferenceException(String message) {
    super(message);
  }

  /** Creates the exception. */
  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
