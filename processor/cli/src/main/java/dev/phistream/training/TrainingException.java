package dev.phistream.training;

import dev.phistream.failure.UserException;

/** Says why a training cannot go on, in words for the user. */
public final class TrainingException extends UserException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, what is expected and what to do. */
  public TrainingException(String message) {
    super(message, null);
  }

  /** The same with what was behind it. */
  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
