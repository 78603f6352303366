package dev.phistream.app;

import dev.phistream.cascade.Proportion;
import java.util.Locale;

/** Accuracies for people, with what so few images leave open. */
final class Accuracy {
  private Accuracy() {}

  /** Such as {@code top-1: 78 of 86 right, 90.7 % (95 % interval 82.5 to 95.9 %)}. */
  static String text(String what, Proportion right) {
    return String.format(
        Locale.ROOT,
        "%s: %d of %d right, %.1f %% (95 %% interval %.1f to %.1f %%)",
        what,
        right.count(),
        right.of(),
        100 * right.share(),
        100 * right.low(),
        100 * right.high());
  }
}
