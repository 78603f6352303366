package dev.phistream.pipeline;

/**
 * No device is left to compute on: the engine is at fault and not the image, which must be
 * classified again by another process. So its event is no dead letter.
 */
public final class EngineLostException extends Exception {
  /** Creates the exception. */
  public EngineLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
