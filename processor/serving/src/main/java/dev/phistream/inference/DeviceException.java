package dev.phistream.inference;

import dev.phistream.failure.UserException;

/** A device that is not there or cannot be used; the message says what is missing. */
public final class DeviceException extends UserException {
  /** Creates the exception. */
  public DeviceException(String message) {
    super(message, null);
  }
}
