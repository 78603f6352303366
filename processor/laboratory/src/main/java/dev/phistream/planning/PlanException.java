package dev.phistream.planning;

/** No number of instances would do; the message says why and what would help. */
public final class PlanException extends Exception {
  PlanException(String message) {
    super(message);
  }
}
