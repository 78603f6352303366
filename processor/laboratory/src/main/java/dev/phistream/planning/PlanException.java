package dev.phistream.planning;

import dev.phistream.failure.UserException;

/** No number of instances would do; the message says why and what would help. */
public final class PlanException extends UserException {
  PlanException(String message) {
    super(message, null);
  }
}
