package dev.phistream.app;

/** A command could not do what it was told; the message says what, where and what to do. */
final class CommandException extends Exception {
  CommandException(String message) {
    super(message);
  }

  CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
