package dev.phistream.app;

import dev.phistream.replay.ReplayRequest;
import dev.phistream.replay.Selection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is replayed, by what and where to. */
final class ReplayRangeOptions {
  @Option(
      names = "--from",
      paramLabel = "T",
      required = true,
      description = {
        "Begin at this time or these offsets: a time (2026-11-01T00:00:00Z; UTC if no zone is"
            + " given; 2026-11-01 is",
        "midnight), a time ago (-7d; s, m, h, d, w), earliest, latest, or offsets per partition",
        "(0:1200,1:1180; partitions that are not named are left out)."
      })
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "T",
      required = true,
      description = "End before this time or these offsets, in the forms of --from.")
  private String to = "";

  @Option(
      names = "--topic",
      paramLabel = "T",
      description = "Read events from this topic (default: setting topics.input).")
  private @Nullable String topic;

  @Option(
      names = "--variant",
      paramLabel = "V",
      description =
          "Let this variant answer all events (default: the one that each event asks for).")
  private @Nullable String variant;

  @Option(
      names = "--out",
      paramLabel = "T",
      defaultValue = "labels.backfill",
      description = {
        "Send labels to these topics; {tier} and {variant} are filled in (default:",
        "${DEFAULT-VALUE})."
      })
  private String out = "labels.backfill";

  @Option(
      names = "--dead-letters",
      paramLabel = "T",
      description =
          "Send dead letters to this topic (default: the topic of --out with .dead-letters).")
  private @Nullable String deadLetters;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Give the replay this name (default: a hash of topic, range and output).")
  private @Nullable String name;

  /**
   * Returns the request.
   *
   * @param input the topic to read unless an option names one
   */
  ReplayRequest request(Selection selection, String input) {
    return new ReplayRequest(
        name, topic == null ? input : topic, from, to, variant, out, deadLetters, selection);
  }
}
