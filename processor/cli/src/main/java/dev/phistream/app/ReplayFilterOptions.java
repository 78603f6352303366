package dev.phistream.app;

import dev.phistream.event.Tier;
import dev.phistream.replay.Selection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which events of the range. */
final class ReplayFilterOptions {
  @Option(
      names = "--source",
      paramLabel = "S",
      description = "Only events of this source. You may repeat each filter.")
  private Set<String> sources = new LinkedHashSet<>();

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description = "Only events that ask for this tier.")
  private Set<Tier> tiers = new LinkedHashSet<>();

  @Option(
      names = "--attribute",
      paramLabel = "KEY=VALUE",
      description = "Only events with this attribute.")
  private Map<String, String> attributes = new LinkedHashMap<>();

  @Option(
      names = "--sample",
      paramLabel = "SHARE",
      defaultValue = "1",
      description =
          "Only this share of the keys, such as 0.1; a share always selects the same keys.")
  private double share = 1;

  @Option(
      names = "--previous-topic",
      paramLabel = "T",
      description = "A topic of earlier results, to compare with and to filter by.")
  private List<String> previousTopics = List.of();

  @Option(
      names = "--below",
      paramLabel = "SCORE",
      description = "Only events whose best label had a score below this.")
  private @Nullable Double below;

  @Option(
      names = "--previous-label",
      paramLabel = "LABEL",
      description = "Only events whose best label was this one.")
  private Set<String> previousLabels = new LinkedHashSet<>();

  @Option(
      names = "--or-without-result",
      description = "With --below and --previous-label: also events without an earlier result.")
  private boolean orWithoutResult;

  Selection selection(CommandSpec spec) {
    boolean selects = below != null || !previousLabels.isEmpty();
    if (previousTopics.isEmpty() && (selects || orWithoutResult)) {
      throw new ParameterException(
          spec.commandLine(),
          "--previous-topic: missing (expected: the earlier results that the other options are"
              + " about)");
    }
    if (orWithoutResult && !selects) {
      throw new ParameterException(
          spec.commandLine(),
          "--or-without-result: alone (expected: with --below or --previous-label)");
    }
    try {
      return new Selection(
          sources,
          tiers,
          attributes,
          share,
          previousTopics.isEmpty()
              ? null
              : new Selection.Previous(previousTopics, below, previousLabels, orWithoutResult));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
