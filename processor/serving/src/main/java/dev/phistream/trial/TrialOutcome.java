package dev.phistream.trial;

/** What became of a trial's part in an event. */
public enum TrialOutcome {
  /** The canary answered. */
  ANSWERED,
  /** The canary failed, and the variant's own model answered. */
  FELL_BACK,
  /** Both models gave the event the same best label. */
  AGREED,
  /** The models gave the event different best labels. */
  DISAGREED,
  /** Not compared: too many comparisons were waiting already. */
  SKIPPED,
  /** Not compared: the model that was asked for comparison failed. */
  FAILED,
  /** Not compared: the event itself has no answer and became a dead letter. */
  UNANSWERED,
  /** Not compared: the task stopped or moved after the answer and before the comparison. */
  ABANDONED
}
