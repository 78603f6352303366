package dev.phistream.app;

/** A command could not do what it was told; the message says what, where and what to do. */
public final class CommandException extends Exception {
  public CommandException(String message) {
    super(message);
  }

  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
