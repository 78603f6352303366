package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.client.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;

/** A backlog through the live processor, and the same one replayed. */
final class StreamReplay implements StreamScenario {
  private static final double LEAST_RATIO = 0.95;
  private static final String TIER = "accuracy";

  /** What one turn of both gave. */
  private record Turn(BenchEnvironment.Round live, BenchEnvironment.Round replay) {}

  @Override
  public ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    StreamOptions options = environment.options();
    String topic = environment.backlog(EventFormat.avro(), options.events());
    List<Turn> turns = new ArrayList<>();
    for (int round = 1 - options.warmUpRounds(); round <= options.rounds(); round++) {
      Turn turn = turn(environment, topic, round % 2 == 0);
      if (round > 0) {
        turns.add(turn);
      }
      environment.say(
          "replay, %s: %.0f images/s live, %.0f replayed"
              .formatted(
                  round > 0 ? "round " + round : "warm-up",
                  turn.live().perSecond(),
                  turn.replay().perSecond()));
    }
    return new ScenarioReport(
        Scenario.REPLAY.label(),
        "backlog of %d events, %s, exactly once".formatted(options.events(), options.model()),
        List.of(
            Figure.of(
                    "replay ÷ live",
                    "",
                    list(turns, turn -> turn.replay().perSecond() / turn.live().perSecond()))
                .atLeast(LEAST_RATIO),
            Figure.of("live", "images/s", list(turns, turn -> turn.live().perSecond())),
            Figure.of("replayed", "images/s", list(turns, turn -> turn.replay().perSecond())),
            Figure.of("mean batch, live", "events", list(turns, turn -> turn.live().meanBatch())),
            Figure.of(
                "mean batch, replayed", "events", list(turns, turn -> turn.replay().meanBatch()))),
        List.of(
            "Both count from the first event that is taken to the last result that a read_committed consumer has seen."));
  }

  private static Turn turn(BenchEnvironment environment, String topic, boolean backwards)
      throws BenchException, InterruptedException {
    if (backwards) {
      BenchEnvironment.Round replay = replay(environment, topic);
      return new Turn(live(environment, topic), replay);
    }
    BenchEnvironment.Round live = live(environment, topic);
    return new Turn(live, replay(environment, topic));
  }

  private static BenchEnvironment.Round live(BenchEnvironment environment, String topic)
      throws BenchException, InterruptedException {
    Map<String, String> settings = settings(environment, topic);
    return environment.round(
        environment.process("the processor"),
        StreamJob.SubjectKind.PROCESSOR,
        settings,
        BenchEnvironment.labels(settings, TIER),
        environment.options().events());
  }

  private static BenchEnvironment.Round replay(BenchEnvironment environment, String topic)
      throws BenchException, InterruptedException {
    Map<String, String> settings = settings(environment, topic);
    return environment.round(
        environment.process("the replay"),
        StreamJob.SubjectKind.REPLAY,
        settings,
        ReplaySubject.labels(BenchEnvironment.labels(settings, TIER)),
        environment.options().events());
  }

  private static Map<String, String> settings(BenchEnvironment environment, String topic)
      throws BenchException {
    return environment.settings(
        topic, BenchEnvironment.EXACTLY_ONCE, List.of(environment.options().model()), Map.of());
  }

  private static List<Double> list(List<Turn> turns, ToDoubleFunction<Turn> figure) {
    return turns.stream().map(figure::applyAsDouble).toList();
  }
}
