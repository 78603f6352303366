package dev.phistream.pipeline;

/** A network's answer is no number: its weights are broken, or its values overflow. */
public final class NoNumberException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private NoNumberException(int place, float logit) {
    super("logit %d is %s (expected: a finite number)".formatted(place, logit));
  }

  /** Checks that all logits are finite. */
  public static void check(float[] logits) {
    for (int i = 0; i < logits.length; i++) {
      if (!Float.isFinite(logits[i])) {
        throw new NoNumberException(i, logits[i]);
      }
    }
  }
}
