package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.event.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One event at a time: what the way through Kafka adds to decoding and predicting. */
final class StreamSingle implements StreamScenario {
  private static final double MOST_ADDED_MILLIS = 10;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Each waits for a commit, so that there is time for fewer. */
  private static final int EXACTLY_ONCE_SHARE = 4;

  private record Turn(List<Double> bare, Times atLeast, Times exactly) {}

  /**
   * What events took, in ms.
   *
   * @param seen from sending to the sight of the result
   * @param inside of it, from the processor's taking the event to its answer
   */
  record Times(List<Double> seen, List<Double> inside) {}

  @Override
  public ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    StreamOptions options = environment.options();
    List<Turn> turns = new ArrayList<>();
    for (int round = 1 - options.warmUpRounds(); round <= options.rounds(); round++) {
      Turn turn = turn(environment, round % 2 == 0);
      if (round > 0) {
        turns.add(turn);
      }
      environment.say(
          "single, %s: %.1f ms without Kafka, %.1f ms at least once, %.1f ms exactly once"
              .formatted(
                  round > 0 ? "round " + round : "warm-up",
                  Medians.of(turn.bare()),
                  Medians.of(turn.atLeast().seen()),
                  Medians.of(turn.exactly().seen())));
    }
    List<Double> bare = turns.stream().map(turn -> Medians.of(turn.bare())).toList();
    List<Double> atLeast = turns.stream().map(turn -> Medians.of(turn.atLeast().seen())).toList();
    List<Double> exactly = turns.stream().map(turn -> Medians.of(turn.exactly().seen())).toList();
    return new ScenarioReport(
        Scenario.SINGLE.label(),
        "one event at a time, %s; medians over the events of a round".formatted(options.model()),
        List.of(
            Figure.of("added by Kafka, at least once", "ms", difference(atLeast, bare))
                .atMost(MOST_ADDED_MILLIS),
            Figure.of("added by exactly once, commits", "ms", difference(exactly, atLeast)),
            Figure.of("decode and predict alone", "ms", bare),
            Figure.of("at least once, median", "ms", atLeast),
            Figure.of(
                "at least once, of it from taking to answer",
                "ms",
                turns.stream().map(turn -> Medians.of(turn.atLeast().inside())).toList()),
            Figure.of(
                "at least once, p99",
                "ms",
                turns.stream().map(turn -> percentile(turn.atLeast().seen(), 99)).toList()),
            Figure.of("exactly once, median", "ms", exactly)),
        List.of(
            "From the call that sends the event to the consumer's sight of its result, both on this"
                + " machine.",
            "Exactly once, a result is seen after its commit: an event that follows at once the one"
                + " before waits nearly all of kafka.commit.interval.ms, one at a random time half"
                + " of it."));
  }

  private static Turn turn(BenchEnvironment environment, boolean backwards)
      throws BenchException, InterruptedException, ExecutionException {
    int events = environment.options().latencyEvents();
    int fewer = Math.max(1, events / EXACTLY_ONCE_SHARE);
    if (backwards) {
      Times exactly = stream(environment, BenchEnvironment.EXACTLY_ONCE, fewer);
      Times atLeast = stream(environment, BenchEnvironment.AT_LEAST_ONCE, events);
      return new Turn(bare(environment, events), atLeast, exactly);
    }
    List<Double> bare = bare(environment, events);
    Times atLeast = stream(environment, BenchEnvironment.AT_LEAST_ONCE, events);
    return new Turn(bare, atLeast, stream(environment, BenchEnvironment.EXACTLY_ONCE, fewer));
  }

  private static List<Double> bare(BenchEnvironment environment, int events)
      throws BenchException, InterruptedException {
    return environment.bare(
        StreamJob.Command.BARE_LATENCY,
        environment.settings(
            "none",
            BenchEnvironment.AT_LEAST_ONCE,
            List.of(environment.options().model()),
            Map.of()),
        events);
  }

  private static Times stream(BenchEnvironment environment, String guarantee, int events)
      throws BenchException, InterruptedException, ExecutionException {
    String topic = environment.topic("single");
    Map<String, String> settings =
        environment.settings(topic, guarantee, List.of(environment.options().model()), Map.of());
    MeasuredProcess<StreamJob, StreamReply> processor = environment.process("the processor");
    processor.ask(StreamJob.start(StreamJob.SubjectKind.PROCESSOR, settings), PATIENCE);
    try (ResultWatch watch =
            ResultWatch.start(
                environment.kafka(),
                List.of(BenchEnvironment.labels(settings, "latency")),
                seen -> {});
        EventSource source =
            EventSource.open(
                environment.kafka(), topic, "single", Tier.LATENCY, environment.images())) {
      return oneByOne(watch, source, events);
    } finally {
      processor.ask(StreamJob.stop(), PATIENCE);
    }
  }

  /** What each event took, in ms; the first one, which finds nothing connected, is left out. */
  static Times oneByOne(ResultWatch watch, EventSource source, int events)
      throws BenchException, InterruptedException, ExecutionException {
    Times times = new Times(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i <= events; i++) {
      String id = source.nextId();
      var result = watch.expect(id);
      long sent = System.nanoTime();
      source.send(id);
      try {
        ResultWatch.Seen seen = result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (i > 0) {
          times.seen().add((seen.nanos() - sent) / 1e6);
          times.inside().add(seen.result().getTimings().getTotalMs());
        }
      } catch (TimeoutException e) {
        throw new BenchException(
            "event %s: no result within %d s".formatted(id, PATIENCE.toSeconds()), e);
      }
    }
    return times;
  }

  private static List<Double> difference(List<Double> a, List<Double> b) {
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      differences.add(a.get(i) - b.get(i));
    }
    return differences;
  }

  /** The smallest value that at least so many per cent do not exceed. */
  static double percentile(List<Double> values, double percent) {
    List<Double> sorted = values.stream().sorted().toList();
    int rank = (int) Math.ceil(percent / 100 * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }
}
