package dev.phistream.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.phistream.config.ConfigException;
import dev.phistream.kafka.ClusterException;
import dev.phistream.model.ModelException;
import dev.phistream.replay.Replay;
import dev.phistream.replay.ReplayException;
import dev.phistream.replay.ReplayProgress;
import dev.phistream.replay.ReplayReport;
import dev.phistream.replay.ReplayRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** History again. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Classify a range of a topic again. The live processor goes on undisturbed.",
      "The end of the range is fixed when the replay begins. Start the command again with the same",
      "range and output to share the work with running instances, or with --resume to continue a",
      "replay that stopped."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Mixin private ReplayRangeOptions range = new ReplayRangeOptions();

  @Mixin private ReplayFilterOptions filter = new ReplayFilterOptions();

  @Mixin private ReplayRateOptions rateLimits = new ReplayRateOptions();

  @ArgGroup private Again again = new Again();

  @Option(names = "--json", description = "Print the report as a JSON object.")
  private boolean json;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also write the report as JSON to this file.")
  private @Nullable Path reportFile;

  @Option(names = "--strict", description = "Exit with code 1 if an event became a dead letter.")
  private boolean strict;

  /** What to do if it was begun before. */
  static final class Again {
    @Option(names = "--resume", description = "Continue where an earlier start stopped.")
    private boolean resume;

    @Option(
        names = "--restart",
        description = "Classify everything again; earlier results stay in the output topic.")
    private boolean restart;

    Replay.Begin begin() {
      return resume ? Replay.Begin.RESUME : restart ? Replay.Begin.RESTART : Replay.Begin.ONCE;
    }
  }

  ReplayCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws ReplayException, ConfigException, ClusterException, ModelException, CommandException {
    ReplayRequest request = range.request(filter.selection(spec), config.load().topics().input());
    try (Replay replay =
        Replay.prepare(
            request,
            again.begin(),
            rateLimits.settings(spec),
            config::loadWith,
            Clock.systemUTC())) {
      boolean before = replay.isFinished() && replay.plan().offsets() > 0;
      if (before) {
        console
            .err()
            .println(
                "replay %s, begun at %s, is finished already; --restart does it again, another --name or --out is another replay"
                    .formatted(replay.plan().name(), replay.plan().created()));
      } else {
        run(replay);
      }
      return finish(replay.report());
    }
  }

  private void run(Replay replay)
      throws ReplayException, ConfigException, ClusterException, ModelException {
    boolean signals = PauseSignals.listen(replay::pause, replay::resume);
    long pid = ProcessHandle.current().pid();
    console
        .err()
        .println(
            "replay %s: %d offsets of %s to %s%s"
                .formatted(
                    replay.plan().name(),
                    replay.plan().offsets(),
                    replay.plan().topic(),
                    replay.plan().labels(),
                    signals
                        ? "; kill -USR2 %d pauses it, kill -CONT %d goes on".formatted(pid, pid)
                        : ""));
    ReplayProgressView view =
        new ReplayProgressView(console, new ReplayScreen(replay.plan().topic()));
    StopSignal stop = StopSignal.closing(replay, 1);
    try {
      replay.start();
      ReplayProgress progress;
      do {
        progress = replay.follow(LOOK);
        view.show(progress, replay.isPaused());
      } while (!progress.finished());
    } finally {
      stop.close();
    }
  }

  private int finish(ReplayReport report) throws CommandException {
    try {
      String text = ReplayReportText.json(report);
      if (json) {
        console.out().println(text);
      } else {
        ReplayReportText.print(report, console.out());
      }
      if (reportFile != null) {
        Files.writeString(reportFile, text + System.lineSeparator());
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the report is no JSON", e);
    } catch (IOException e) {
      throw new CommandException("%s: not writable: %s".formatted(reportFile, e), e);
    }
    return strict && report.deadLettersInAll() > 0 ? 1 : 0;
  }
}
