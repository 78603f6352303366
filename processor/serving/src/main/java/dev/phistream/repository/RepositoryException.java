package dev.phistream.repository;

import dev.phistream.failure.UserException;

/** A model could not be fetched or kept; the message says what, where and what to do. */
public final class RepositoryException extends UserException {
  /** Creates the exception. */
  public RepositoryException(String message) {
    super(message, null);
  }

  /** As above, with its cause. */
  public RepositoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
