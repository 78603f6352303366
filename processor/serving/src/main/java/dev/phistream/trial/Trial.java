package dev.phistream.trial;

import java.util.regex.Pattern;

/**
 * A second model that takes part in the events of a variant.
 *
 * @param name lower-case letters, digits and hyphens
 * @param kind what it does
 * @param variant whose events it takes part in
 * @param share of the variant's events, more than 0 to 1
 * @param compareShare share of a canary's events for which the variant's own model is asked, too, 0
 *     to 1; a shadow's events are all compared
 */
public record Trial(String name, Kind kind, String variant, double share, double compareShare) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** What a trial's model does. */
  public enum Kind {
    /** Answers for comparison only. */
    SHADOW,
    /** Answers in place of the variant's own model. */
    CANARY
  }

  /** Checks the values. */
  public Trial {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "trials.%s: (expected: a name of 1 to 63 lower-case letters, digits and hyphens)"
              .formatted(name));
    }
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "trials.%s.share: %s (expected: more than 0, at most 1)".formatted(name, share));
    }
    if (!(compareShare >= 0 && compareShare <= 1)) {
      throw new IllegalArgumentException(
          "trials.%s.compare-share: %s (expected: 0 to 1)".formatted(name, compareShare));
    }
    if (kind == Kind.SHADOW && compareShare > 0) {
      throw new IllegalArgumentException(
          "trials.%s.compare-share: %s (expected: not set for a shadow, whose events are all compared; share says how many take part)"
              .formatted(name, compareShare));
    }
  }

  /** What the trial's model is asked by, where others are asked by their variant. */
  public String slot() {
    return "trial:" + name;
  }
}
