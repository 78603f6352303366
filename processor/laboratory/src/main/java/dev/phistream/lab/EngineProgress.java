package dev.phistream.lab;

import dev.phistream.app.Console;
import dev.phistream.bench.EngineBenchmark;
import dev.phistream.bench.EngineOptions;
import dev.phistream.bench.EnginePlan;
import dev.phistream.bench.EnginePoint;
import dev.phistream.bench.Measurement;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Says how long an engine benchmark takes and how far it is. */
final class EngineProgress implements EngineBenchmark.Listener, AutoCloseable {
  private final Console console;
  private final EngineOptions options;
  private @Nullable ProgressBar bar;
  private int pointsPerRound;
  private int inRound;
  private int refusedPoints;

  EngineProgress(Console console, EngineOptions options) {
    this.console = console;
    this.options = options;
  }

  @Override
  public void planned(EnginePlan plan, int measurements) {
    pointsPerRound = measurements / options.rounds();
    console
        .err()
        .printf(
            "%d points in %d rounds: about %s, at most %s%n",
            pointsPerRound, options.rounds(), text(plan.expected()), text(plan.atMost()));
    bar = console.progress("measure", measurements);
  }

  @Override
  public void measured(int round, EnginePoint point, Measurement measurement) {
    if (bar != null) {
      bar.setExtraMessage(" " + point);
      bar.step();
    }
    inRound++;
    if (inRound == pointsPerRound) {
      inRound = 0;
      if (!console.interactive()) {
        console.err().println("round %d of %d done".formatted(round, options.rounds()));
      }
    }
  }

  @Override
  public void refused(EnginePoint point, String reason) {
    pointsPerRound--;
    refusedPoints++;
    console.err().printf("left out: %s: %s%n", point, reason);
  }

  /** Points that are not measured because their engines do not run the models. */
  int refusedPoints() {
    return refusedPoints;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private static String text(Duration duration) {
    return duration.toMinutes() > 0
        ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
        : duration.toSeconds() + " s";
  }
}
