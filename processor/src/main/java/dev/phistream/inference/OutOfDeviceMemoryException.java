package dev.phistream.inference;

/** The device has no memory for a micro-batch of this size; a smaller one may fit. */
public final class OutOfDeviceMemoryException extends InferenceException {
  /** Creates the exception. */
  public OutOfDeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
