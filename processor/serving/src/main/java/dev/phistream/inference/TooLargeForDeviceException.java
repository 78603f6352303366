package dev.phistream.inference;

/**
 * A micro-batch of this size is too large for the device: it has no memory for it, or its libraries
 * take no tensors of that length. A smaller one may run.
 */
public final class TooLargeForDeviceException extends InferenceException {
  /** Creates the exception. */
  public TooLargeForDeviceException(String message) {
    super(message);
  }

  /** Creates the exception. */
  public TooLargeForDeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
