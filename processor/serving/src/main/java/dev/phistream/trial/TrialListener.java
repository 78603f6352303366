package dev.phistream.trial;

/** Is told what trials do. Implementations are thread-safe. */
public interface TrialListener {
  /** A trial's part in an event has ended. */
  void ended(Trial trial, TrialOutcome outcome);

  /**
   * Two models were compared.
   *
   * @param answered score of the best label of the model that answered
   * @param other score of the best label of the model that was asked for comparison
   */
  void compared(Trial trial, float answered, float other);
}
