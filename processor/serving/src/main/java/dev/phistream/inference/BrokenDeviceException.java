package dev.phistream.inference;

/**
 * The device cannot run anything any more in this process, whatever the batch: a GPU that fell off
 * the bus, or a CUDA context that an error has spoilt.
 */
public final class BrokenDeviceException extends InferenceException {
  /** Creates the exception. */
  public BrokenDeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
