package dev.phistream.topology;

import java.util.function.BooleanSupplier;

/**
 * What keeps one record from stopping the stream; shared by all tasks of an instance, so each part
 * is thread-safe.
 *
 * @param limits say what the output topics take
 * @param maxEventBytes the longest record that is let into the ledger, as {@link RecordSize} counts
 * @param window bounds what is in flight
 * @param failures count failures of tasks by event
 * @param outcomes counts progress
 */
public record Safeguards(
    OutputLimits limits,
    long maxEventBytes,
    InFlightWindow window,
    TaskFailures failures,
    CommittedOutcomes outcomes) {

  /**
   * Safeguards of an instance that has just started.
   *
   * @param closed whether nothing more shall be taken
   */
  public static Safeguards create(
      OutputLimits limits, long maxEventBytes, WindowSettings window, BooleanSupplier closed) {
    return new Safeguards(
        limits,
        maxEventBytes,
        new InFlightWindow(window, closed),
        new TaskFailures(),
        new CommittedOutcomes());
  }

  /** Topics that take everything, for tests and descriptions. */
  public static Safeguards unlimited(WindowSettings window, BooleanSupplier closed) {
    return create(OutputLimits.NONE, Long.MAX_VALUE, window, closed);
  }
}
