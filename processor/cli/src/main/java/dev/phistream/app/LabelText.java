package dev.phistream.app;

import dev.phistream.event.Classification;
import dev.phistream.event.Tier;
import dev.phistream.pipeline.Answer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Labels for people: the best few with their scores, such as {@code cup 97 % mug 2 %}. */
public final class LabelText {
  private static final int SHOWN = 3;

  private LabelText() {}

  public static String of(List<Answer.Label> labels) {
    return join(labels.stream().map(label -> one(label.name(), label.score())));
  }

  public static String of(Classification result) {
    String degraded = result.getDegraded() == null ? "" : "  (" + result.getDegraded() + ")";
    return join(result.getLabels().stream().map(label -> one(label.getLabel(), label.getScore())))
        + degraded;
  }

  /** A tier as users write it. */
  public static String tier(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }

  private static String one(String name, float score) {
    return String.format(Locale.ROOT, "%s %.0f %%", name, 100 * score);
  }

  private static String join(Stream<String> labels) {
    return labels.limit(SHOWN).collect(Collectors.joining("  "));
  }
}
