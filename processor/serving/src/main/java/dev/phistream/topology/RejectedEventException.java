package dev.phistream.topology;

import dev.phistream.wire.ErrorCode;

/** An event gets no labels, although nothing is known to be wrong with its image. */
final class RejectedEventException extends Exception {
  private final ErrorCode code;

  RejectedEventException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
