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
        "Where to begin: a time (2026-11-01T00:00:00Z; UTC if no zone is given; 2026-11-01 is",
        "midnight), a time ago (-7d; s, m, h, d, w), earliest, latest, or offsets per partition",
        "(0:1200,1:1180; partitions that are not named are left out)."
      })
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "T",
      required = true,
      description = "Where to end, in the same forms; this time or offset is not in it.")
  private String to = "";

  @Option(
      names = "--topic",
      paramLabel = "T",
      defaultValue = "images",
      description = "Where the events are (default: ${DEFAULT-VALUE}).")
  private String topic = "images";

  @Option(
      names = "--variant",
      paramLabel = "V",
      description = "The variant that answers (default: what each event asks for).")
  private @Nullable String variant;

  @Option(
      names = "--out",
      paramLabel = "T",
      defaultValue = "labels.backfill",
      description = {
        "Where labels go; {tier} and {variant} are filled in (default: ${DEFAULT-VALUE})."
      })
  private String out = "labels.backfill";

  @Option(
      names = "--dead-letters",
      paramLabel = "T",
      description = "Where failures go (default: the topic of --out with .dead-letters).")
  private @Nullable String deadLetters;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the replay is called (default: a hash of topic, range and output).")
  private @Nullable String name;

  ReplayRequest request(Selection selection) {
    return new ReplayRequest(name, topic, from, to, variant, out, deadLetters, selection);
  }
}
