package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.event.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The latency tier beside a backlog of the accuracy tier: on the same partitions with a backlog
 * that fits the in-flight windows and with one that does not, and on topics and processors of their
 * own.
 */
final class StreamLatency implements StreamScenario {
  private static final String FAST_MODEL = "phi-11";
  private static final double PERCENTILE = 99;
  private static final int BATCHES_ALLOWED = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Mean time between two events of the latency tier; they come at any moment of a batch. */
  private static final int INTERVAL_MILLIS = 80;

  /** Part of all windows, so that no partition's is full by chance. */
  private static final double FITTING = 0.375;

  /** Times all windows; whenever one event is answered, another is sent. */
  private static final double UNLIMITED = 3;

  private enum Case {
    ALONE("alone", 0, false),
    FITTING_BACKLOG("backlog that fits the windows, same partitions", FITTING, false),
    OWN_TOPICS("unlimited backlog, topics and processors of their own", UNLIMITED, true),
    SHARED("unlimited backlog, same partitions", UNLIMITED, false);

    private final String label;
    private final double windows;
    private final boolean split;

    Case(String label, double windows, boolean split) {
      this.label = label;
      this.windows = windows;
      this.split = split;
    }
  }

  /**
   * What one case gave in one round, in ms.
   *
   * @param accuracyBatch median time of the accuracy tier's micro-batches; 0 if there were none
   */
  private record Found(List<Double> latencies, double accuracyBatch) {
    double p99() {
      return StreamSingle.percentile(latencies, PERCENTILE);
    }
  }

  @Override
  public ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    Map<Case, List<Found>> all = new LinkedHashMap<>();
    for (Case each : Case.values()) {
      all.put(each, new ArrayList<>());
    }
    for (int round = 1; round <= environment.options().rounds(); round++) {
      for (Case each : Case.values()) {
        Found found = measure(environment, each);
        all.getOrDefault(each, List.of()).add(found);
        environment.say(
            "latency, round %d, %s: median %.0f ms, p99 %.0f ms; accuracy batch %.0f ms"
                .formatted(
                    round,
                    each.label,
                    Medians.of(found.latencies()),
                    found.p99(),
                    found.accuracyBatch()));
      }
    }
    return report(environment, all);
  }

  private static Found measure(BenchEnvironment environment, Case which)
      throws BenchException, InterruptedException, ExecutionException {
    String fastTopic = environment.topic("latency");
    String slowTopic = which.split ? environment.topic("accuracy") : fastTopic;
    String slow = environment.options().accuracyModel();
    Map<String, String> fastSettings =
        environment.settings(
            fastTopic,
            BenchEnvironment.AT_LEAST_ONCE,
            which.split ? List.of(FAST_MODEL) : List.of(FAST_MODEL, slow),
            Map.of());
    Map<String, String> slowSettings =
        which.split
            ? environment.settings(
                slowTopic, BenchEnvironment.AT_LEAST_ONCE, List.of(slow), Map.of())
            : fastSettings;
    MeasuredProcess<StreamJob, StreamReply> fastProcessor = environment.process("the processor");
    MeasuredProcess<StreamJob, StreamReply> slowProcessor =
        which.split ? environment.ownProcess("the accuracy tier's processor") : fastProcessor;
    fastProcessor.ask(StreamJob.start(StreamJob.SubjectKind.PROCESSOR, fastSettings), PATIENCE);
    if (which.split) {
      slowProcessor.ask(StreamJob.start(StreamJob.SubjectKind.PROCESSOR, slowSettings), PATIENCE);
    }
    try (EventSource slowSource =
            EventSource.open(
                environment.kafka(), slowTopic, "slow", Tier.ACCURACY, environment.images());
        EventSource fastSource =
            EventSource.open(
                environment.kafka(), fastTopic, "fast", Tier.LATENCY, environment.images())) {
      SteadyBacklog backlog = new SteadyBacklog(slowSource);
      try (ResultWatch watch =
          ResultWatch.start(
              environment.kafka(),
              List.of(
                  BenchEnvironment.labels(fastSettings, "latency"),
                  BenchEnvironment.labels(slowSettings, "accuracy")),
              backlog)) {
        backlog.prepare((int) (which.windows * windows(slowSettings)));
        return measure(environment, which, watch, fastSource, backlog);
      } finally {
        backlog.stop();
      }
    } finally {
      fastProcessor.ask(StreamJob.stop(), PATIENCE);
      if (which.split) {
        slowProcessor.ask(StreamJob.stop(), PATIENCE);
      }
    }
  }

  private static Found measure(
      BenchEnvironment environment,
      Case which,
      ResultWatch watch,
      EventSource source,
      SteadyBacklog backlog)
      throws BenchException, InterruptedException, ExecutionException {
    int events = environment.options().latencyEvents();
    // Connects everything.
    var unused = StreamSingle.oneByOne(watch, source, 1 + events / 10);
    backlog.start();
    SplittableRandom random = new SplittableRandom(1);
    List<Long> sent = new ArrayList<>();
    List<CompletableFuture<ResultWatch.Seen>> results = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      Thread.sleep(random.nextInt(2 * INTERVAL_MILLIS));
      String id = source.nextId();
      results.add(watch.expect(id));
      sent.add(System.nanoTime());
      source.send(id);
    }
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      try {
        times.add(
            (results.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS).nanos() - sent.get(i))
                / 1e6);
      } catch (TimeoutException e) {
        throw new BenchException(
            "latency, %s: no result within %d s".formatted(which.label, PATIENCE.toSeconds()), e);
      }
    }
    return new Found(times, backlog.medianBatchMillis());
  }

  /** Events in flight in all windows together. */
  private static int windows(Map<String, String> settings) throws BenchException {
    return BenchEnvironment.PARTITIONS * BenchEnvironment.config(settings).window().events();
  }

  private static ScenarioReport report(BenchEnvironment environment, Map<Case, List<Found>> all) {
    List<Double> own =
        found(all, Case.ALONE).stream().map(found -> Medians.of(found.latencies())).toList();
    List<Double> batches =
        found(all, Case.FITTING_BACKLOG).stream().map(Found::accuracyBatch).toList();
    double bound = BATCHES_ALLOWED * Medians.of(batches) + Medians.of(own);
    List<Figure> figures = new ArrayList<>();
    figures.add(p99(all, Case.FITTING_BACKLOG).atMost(bound));
    figures.add(p99(all, Case.OWN_TOPICS).atMost(bound));
    figures.add(p99(all, Case.SHARED));
    figures.add(Figure.of("one accuracy batch, median", "ms", batches));
    figures.add(Figure.of("own time: alone, median", "ms", own));
    figures.add(p99(all, Case.ALONE));
    for (Case each : List.of(Case.FITTING_BACKLOG, Case.OWN_TOPICS, Case.SHARED)) {
      figures.add(
          Figure.of(
              "median, " + each.label,
              "ms",
              found(all, each).stream().map(found -> Medians.of(found.latencies())).toList()));
    }
    return new ScenarioReport(
        Scenario.LATENCY.label(),
        "%d events of the latency tier (%s) in each case, one every %d ms on average; accuracy tier: %s; at least once"
            .formatted(
                environment.options().latencyEvents(),
                FAST_MODEL,
                INTERVAL_MILLIS,
                environment.options().accuracyModel()),
        figures,
        List.of(
            "The goal is two accuracy batches and the own time, as measured in this run.",
            "A backlog that fits is %.0f %% of what all windows hold, an unlimited one %.0f times that: whenever an event is answered, the next is sent."
                .formatted(100 * FITTING, UNLIMITED),
            "With an unlimited backlog on shared partitions an event of the latency tier stands in"
                + " the topic behind those before it, whatever its tier: the time is the backlog ÷"
                + " the throughput, and grows with it."));
  }

  private static Figure p99(Map<Case, List<Found>> all, Case which) {
    return Figure.of(
        "p99, " + which.label, "ms", found(all, which).stream().map(Found::p99).toList());
  }

  private static List<Found> found(Map<Case, List<Found>> all, Case which) {
    return all.getOrDefault(which, List.of());
  }
}
