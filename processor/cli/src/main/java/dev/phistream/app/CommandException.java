package dev.phistream.app;

import dev.phistream.failure.UserException;

/** A command could not do what it was told; the message says what, where and what to do. */
public final class CommandException extends UserException {
  public CommandException(String message) {
    super(message, null);
  }

  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
