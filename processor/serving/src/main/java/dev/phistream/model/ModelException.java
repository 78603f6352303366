package dev.phistream.model;

import dev.phistream.failure.UserException;

/** A model that cannot be used; the message names file, tensor or field, and what was expected. */
public final class ModelException extends UserException {
  /** Creates the exception. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ModelException(String message) {
    super(message, null);
  }
}
