package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.client.EventFormat;
import dev.phistream.event.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * A burst of several times what the latency tier's wanted variant can do, with brownout and
 * without. Events come at random times, whether the ones before are answered or not.
 */
final class StreamBrownout implements StreamScenario {
  private static final List<String> SMALLER = List.of("phi-9", "phi-11");
  private static final double PERCENTILE = 99;
  private static final double TIMES_CAPACITY = 5;
  private static final double QUIET = 0.5;
  private static final Duration OBJECTIVE = Duration.ofSeconds(1);
  private static final Duration QUIET_BEFORE = Duration.ofSeconds(5);
  private static final Duration BURST = Duration.ofSeconds(10);
  private static final Duration QUIET_AFTER = Duration.ofSeconds(20);

  /** What it leaves behind takes five times as long. */
  private static final Duration BURST_WITHOUT = Duration.ofSeconds(5);

  private static final int WARM_UP = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What became of the events of one part. */
  private record Part(List<Double> inside, List<Double> seen, double degraded) {
    double p99Inside() {
      return StreamSingle.percentile(inside, PERCENTILE);
    }

    double p99Seen() {
      return StreamSingle.percentile(seen, PERCENTILE);
    }
  }

  private record Sent(long nanos, CompletableFuture<ResultWatch.Seen> result) {}

  /** What a round found; rates are events per second. */
  private record Round(double capacity, double sent, Part burst, Part without, double back) {}

  @Override
  public ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    List<Round> rounds = new ArrayList<>();
    for (int number = 1; number <= environment.options().rounds(); number++) {
      Round round = round(environment);
      rounds.add(round);
      environment.say(
          "brownout, round %d: capacity %.0f/s, burst %.0f/s; p99 %.0f ms (seen after %.0f ms), %.0f %% browned out; without brownout %.0f ms (%.0f ms)"
              .formatted(
                  number,
                  round.capacity(),
                  round.sent(),
                  round.burst().p99Inside(),
                  round.burst().p99Seen(),
                  100 * round.burst().degraded(),
                  round.without().p99Inside(),
                  round.without().p99Seen()));
    }
    return report(environment, rounds);
  }

  private static Round round(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    double capacity = capacity(environment);
    List<Part> parts =
        play(
            environment,
            true,
            capacity,
            List.of(QUIET_BEFORE, BURST, QUIET_AFTER.dividedBy(2), QUIET_AFTER.dividedBy(2)));
    List<Part> without = play(environment, false, capacity, List.of(QUIET_BEFORE, BURST_WITHOUT));
    Part burst = parts.get(1);
    return new Round(
        capacity,
        burst.seen().size() / (double) BURST.toSeconds(),
        burst,
        without.get(1),
        1 - parts.get(3).degraded());
  }

  /** What the wanted variant does alone, of a backlog. */
  private static double capacity(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    int events = environment.options().latencyEvents();
    String topic = environment.backlog(EventFormat.avro(), events);
    Map<String, String> settings =
        environment.settings(
            topic,
            BenchEnvironment.AT_LEAST_ONCE,
            List.of(environment.options().accuracyModel()),
            Map.of("tiers.default", "latency", "tiers.latency.objective", OBJECTIVE.toString()));
    return environment
        .round(
            environment.process("the processor"),
            StreamJob.SubjectKind.PROCESSOR,
            settings,
            BenchEnvironment.labels(settings, "latency"),
            events)
        .perSecond();
  }

  /** Sends in turn at the quiet rate and in a burst; the second part is the burst. */
  private static List<Part> play(
      BenchEnvironment environment, boolean brownout, double capacity, List<Duration> parts)
      throws BenchException, InterruptedException, ExecutionException {
    String wanted = environment.options().accuracyModel();
    String topic = environment.topic("brownout");
    List<String> models = new ArrayList<>(List.of(wanted));
    models.addAll(SMALLER);
    Map<String, String> settings =
        environment.settings(
            topic,
            BenchEnvironment.AT_LEAST_ONCE,
            models,
            Map.of(
                "tiers.latency.variants",
                String.join(",", models),
                "tiers.latency.objective",
                OBJECTIVE.toString(),
                "brownout.enabled",
                String.valueOf(brownout)));
    MeasuredProcess<StreamJob, StreamReply> processor = environment.process("the processor");
    processor.ask(StreamJob.start(StreamJob.SubjectKind.PROCESSOR, settings), PATIENCE);
    try (EventSource source =
            EventSource.open(
                environment.kafka(), topic, "event", Tier.LATENCY, environment.images());
        ResultWatch watch =
            ResultWatch.start(
                environment.kafka(),
                List.of(BenchEnvironment.labels(settings, "latency")),
                seen -> {})) {
      var unused = StreamSingle.oneByOne(watch, source, WARM_UP);
      List<List<Sent>> sent = new ArrayList<>();
      for (int part = 0; part < parts.size(); part++) {
        sent.add(
            send(source, watch, capacity * (part == 1 ? TIMES_CAPACITY : QUIET), parts.get(part)));
      }
      List<Part> found = new ArrayList<>();
      for (List<Sent> part : sent) {
        found.add(outcome(part));
      }
      return found;
    } finally {
      processor.ask(StreamJob.stop(), PATIENCE);
    }
  }

  private static List<Sent> send(
      EventSource source, ResultWatch watch, double perSecond, Duration time) {
    SplittableRandom random = new SplittableRandom(1);
    List<Sent> sent = new ArrayList<>();
    long due = System.nanoTime();
    long end = due + time.toNanos();
    while (due < end) {
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      String id = source.nextId();
      CompletableFuture<ResultWatch.Seen> result = watch.expect(id);
      sent.add(new Sent(System.nanoTime(), result));
      source.send(id);
      due += (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
    }
    return sent;
  }

  private static Part outcome(List<Sent> events)
      throws BenchException, InterruptedException, ExecutionException {
    List<Double> inside = new ArrayList<>();
    List<Double> seen = new ArrayList<>();
    int degraded = 0;
    for (Sent event : events) {
      try {
        ResultWatch.Seen result = event.result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        inside.add(result.result().getTimings().getTotalMs());
        seen.add((result.nanos() - event.nanos()) / 1e6);
        degraded += result.result().getDegraded() == null ? 0 : 1;
      } catch (TimeoutException e) {
        throw new BenchException(
            "brownout: no result within %d s".formatted(PATIENCE.toSeconds()), e);
      }
    }
    return new Part(inside, seen, degraded / (double) Math.max(1, events.size()));
  }

  private static ScenarioReport report(BenchEnvironment environment, List<Round> rounds) {
    return new ScenarioReport(
        Scenario.BROWNOUT.label(),
        "latency tier with %s, then %s; objective %d ms; %d s at %.1f of what %s can do, %d s at %.0f times it, %d s at %.1f; at least once"
            .formatted(
                environment.options().accuracyModel(),
                String.join(", then ", SMALLER),
                OBJECTIVE.toMillis(),
                QUIET_BEFORE.toSeconds(),
                QUIET,
                environment.options().accuracyModel(),
                BURST.toSeconds(),
                TIMES_CAPACITY,
                QUIET_AFTER.toSeconds(),
                QUIET),
        List.of(
            figure("p99 in the burst, arrival to answer", "ms", rounds, r -> r.burst().p99Inside())
                .atMost((double) OBJECTIVE.toMillis()),
            figure("p99 in the burst, sent to seen", "ms", rounds, r -> r.burst().p99Seen()),
            figure("browned out in the burst", "%", rounds, r -> 100 * r.burst().degraded()),
            figure(
                "wanted variant in the second half of the time after it",
                "%",
                rounds,
                r -> 100 * r.back()),
            figure(
                "without brownout: p99, arrival to answer",
                "ms",
                rounds,
                r -> r.without().p99Inside()),
            figure("without brownout: p99, sent to seen", "ms", rounds, r -> r.without().p99Seen()),
            figure("capacity of the wanted variant", "events/s", rounds, Round::capacity),
            figure("sent in the burst", "events/s", rounds, Round::sent)),
        List.of(
            "The objective counts from the event's arrival in the processor. What waits in its"
                + " topic before, for want of room in the windows, shows in sent to seen.",
            "Without brownout the burst lasts %d s, for the backlog that it leaves."
                .formatted(BURST_WITHOUT.toSeconds())));
  }

  private static Figure figure(
      String name, String unit, List<Round> rounds, ToDoubleFunction<Round> value) {
    return Figure.of(name, unit, rounds.stream().map(value::applyAsDouble).toList());
  }
}
