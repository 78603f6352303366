package dev.phistream.pipeline;

/**
 * All threads of a stage are stuck and no more may be started. The events that wait for it are not
 * to blame.
 */
final class StageLostException extends Exception {
  StageLostException(String message) {
    super(message);
  }
}
