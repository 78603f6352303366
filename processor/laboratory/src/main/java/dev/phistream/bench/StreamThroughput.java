package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.client.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A backlog through Kafka, exactly once and at least once, against a loop per core that decodes and
 * predicts the same images without it.
 */
final class StreamThroughput implements StreamScenario {
  private static final double LEAST_RATIO = 0.9;
  private static final double LEAST_FILL = 0.9;
  private static final double MOST_OWN_MICROS = 150;

  /** Part of the processor time that compilers may take in a round that counts. */
  private static final double MOST_COMPILING = 0.04;

  private static final int MOST_WARM_UP_ROUNDS = 10;

  /** What one turn of all three gave. */
  private record Turn(double bare, BenchEnvironment.Round exactly, BenchEnvironment.Round atLeast) {
    /** Part of the processor time of both rounds through Kafka, of the broker's process too. */
    double compiling() {
      CpuUse all = exactly.all().plus(atLeast.all());
      return all.compiling() / all.process();
    }
  }

  @Override
  public ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    StreamOptions options = environment.options();
    String topic = environment.backlog(EventFormat.avro(), options.events());
    Map<String, String> settings = settings(environment, topic, BenchEnvironment.EXACTLY_ONCE);
    int target = target(settings);
    List<Turn> turns = new ArrayList<>();
    int warmUp = 0;
    boolean warm = options.warmUpRounds() == 0;
    while (turns.size() < options.rounds()) {
      Turn turn = turn(environment, topic, (turns.size() + warmUp) % 2 == 1);
      if (warm) {
        turns.add(turn);
      } else {
        warmUp++;
        warm =
            warmUp >= options.warmUpRounds()
                && (turn.compiling() <= MOST_COMPILING
                    || options.oneProcess()
                    || warmUp >= MOST_WARM_UP_ROUNDS);
      }
      environment.say(
          "throughput, %s: %.0f images/s without Kafka, %.0f exactly once, %.0f at least once; compilers took %.1f %%"
              .formatted(
                  turns.isEmpty() ? "warm-up" : "round " + turns.size(),
                  turn.bare(),
                  turn.exactly().perSecond(),
                  turn.atLeast().perSecond(),
                  100 * turn.compiling()));
    }
    return report(environment, turns, target);
  }

  private static Turn turn(BenchEnvironment environment, String topic, boolean backwards)
      throws BenchException, InterruptedException {
    if (backwards) {
      BenchEnvironment.Round atLeast = stream(environment, topic, BenchEnvironment.AT_LEAST_ONCE);
      BenchEnvironment.Round exactly = stream(environment, topic, BenchEnvironment.EXACTLY_ONCE);
      return new Turn(bare(environment, topic), exactly, atLeast);
    }
    double bare = bare(environment, topic);
    BenchEnvironment.Round exactly = stream(environment, topic, BenchEnvironment.EXACTLY_ONCE);
    return new Turn(bare, exactly, stream(environment, topic, BenchEnvironment.AT_LEAST_ONCE));
  }

  private static double bare(BenchEnvironment environment, String topic)
      throws BenchException, InterruptedException {
    return environment
        .bare(
            StreamJob.Command.BARE_RATE,
            settings(environment, topic, BenchEnvironment.EXACTLY_ONCE),
            environment.options().events())
        .get(0);
  }

  private static BenchEnvironment.Round stream(
      BenchEnvironment environment, String topic, String guarantee)
      throws BenchException, InterruptedException {
    Map<String, String> settings = settings(environment, topic, guarantee);
    return environment.round(
        environment.process("the processor"),
        StreamJob.SubjectKind.PROCESSOR,
        settings,
        BenchEnvironment.labels(settings, "accuracy"),
        environment.options().events());
  }

  private static Map<String, String> settings(
      BenchEnvironment environment, String topic, String guarantee) throws BenchException {
    return environment.settings(topic, guarantee, List.of(environment.options().model()), Map.of());
  }

  /** The accuracy tier has no objective, so that micro-batches may become as large as allowed. */
  private static int target(Map<String, String> settings) throws BenchException {
    return BenchEnvironment.config(settings).batch().maxSize();
  }

  private static ScenarioReport report(BenchEnvironment environment, List<Turn> turns, int target) {
    int events = environment.options().events();
    List<Figure> figures = new ArrayList<>();
    figures.add(
        Figure.of("exactly once ÷ without Kafka", "", ratios(turns, Turn::exactly))
            .atLeast(LEAST_RATIO));
    figures.add(Figure.of("at least once ÷ without Kafka", "", ratios(turns, Turn::atLeast)));
    figures.add(
        Figure.of(
                "mean batch ÷ target, exactly once",
                "",
                list(turns, turn -> turn.exactly().meanBatch() / target))
            .atLeast(LEAST_FILL));
    figures.add(
        Figure.of("own CPU, exactly once", "µs/event", micros(turns, events, CpuUse::own))
            .atMost(MOST_OWN_MICROS));
    figures.add(Figure.of("decode threads", "µs/event", micros(turns, events, CpuUse::decoding)));
    figures.add(Figure.of("device threads", "µs/event", micros(turns, events, CpuUse::devices)));
    figures.add(Figure.of("engine's threads", "µs/event", micros(turns, events, CpuUse::rest)));
    figures.add(Figure.of("compilers", "µs/event", micros(turns, events, CpuUse::compiling)));
    figures.add(
        Figure.of("garbage collection", "µs/event", micros(turns, events, CpuUse::collecting)));
    figures.add(
        Figure.of(
            "broker, consumer and their compilers",
            "µs/event",
            list(turns, turn -> turn.exactly().measuring().process() * 1e6 / events)));
    figures.add(Figure.of("without Kafka", "images/s", list(turns, Turn::bare)));
    figures.add(
        Figure.of("exactly once", "images/s", list(turns, turn -> turn.exactly().perSecond())));
    figures.add(
        Figure.of("at least once", "images/s", list(turns, turn -> turn.atLeast().perSecond())));
    return new ScenarioReport(
        Scenario.THROUGHPUT.label(),
        "backlog of %d events, %s, micro-batches of at most %d"
            .formatted(events, environment.options().model(), target),
        figures,
        List.of(
            "Throughput counts from the first event that is taken to the last result that a read_committed consumer has seen, so it has the last commit in it.",
            "Own CPU is that of all Java threads of the processor but decoders and devices: the stream thread, Kafka's clients, the watchdog. Broker and consumer are in another process.",
            "Before the rounds that count, rounds go on until the compilers take at most %.0f %% of the processor time, at most %d of them."
                .formatted(100 * MOST_COMPILING, MOST_WARM_UP_ROUNDS)));
  }

  private static List<Double> ratios(
      List<Turn> turns, Function<Turn, BenchEnvironment.Round> which) {
    return list(turns, turn -> which.apply(turn).perSecond() / turn.bare());
  }

  private static List<Double> micros(
      List<Turn> turns, int events, ToDoubleFunction<CpuUse> seconds) {
    return list(turns, turn -> seconds.applyAsDouble(turn.exactly().cpu()) * 1e6 / events);
  }

  private static List<Double> list(List<Turn> turns, ToDoubleFunction<Turn> figure) {
    return turns.stream().map(figure::applyAsDouble).toList();
  }
}
