package dev.phistream.failure;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can mend: its message says what failed, where, what is expected and what to
 * do. The command line prints the message alone and exits with {@link #exitCode}; a failure of any
 * other type is a defect of the program and is printed with its stack trace.
 */
public abstract class UserException extends Exception {
  /** The exit code of a command that could not do its work. */
  public static final int FAILED = 1;

  /** The exit code of a command whose options or settings are wrong. */
  public static final int MISUSE = 2;

  private final int exitCode;
  private final String remedy;

  /** Creates a failure with exit code {@link #FAILED} whose message contains the remedy, if any. */
  protected UserException(String message, @Nullable Throwable cause) {
    this(FAILED, message, "", cause);
  }

  /**
   * Creates a failure.
   *
   * @param message what failed, where, and what is expected
   * @param remedy what the user can do, which is appended to the message; empty for nothing more
   */
  protected UserException(int exitCode, String message, String remedy, @Nullable Throwable cause) {
    super(remedy.isEmpty() ? message : message + "; " + remedy, cause);
    this.exitCode = exitCode;
    this.remedy = remedy;
  }

  /** Returns the exit code of a command that ends with this failure. */
  public final int exitCode() {
    return exitCode;
  }

  /** Returns what the user can do; empty where the message says it elsewhere. */
  public final String remedy() {
    return remedy;
  }
}
