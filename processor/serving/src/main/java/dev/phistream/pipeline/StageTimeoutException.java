package dev.phistream.pipeline;

import java.time.Duration;

/** A stage has worked on an event for as long as it may. */
final class StageTimeoutException extends Exception {
  private final String stage;

  StageTimeoutException(String stage, Duration deadline) {
    super(
        "%s: not done within %d ms; the thread that works on it is abandoned"
            .formatted(stage, deadline.toMillis()));
    this.stage = stage;
  }

  /** The stable error code of the event. */
  String code() {
    return code(stage);
  }

  static String code(String stage) {
    return stage + "-timeout";
  }
}
