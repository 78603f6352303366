package dev.phistream.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.planning.BatchCost;
import dev.phistream.planning.SimulatedBatch;
import dev.phistream.planning.SimulatedEvent;
import dev.phistream.planning.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/** The figures of docs/batching.md against the simulation that they come from. */
class BatchingGuideTest {
  private static final Duration OBJECTIVE = Duration.ofMillis(100);
  private static final Map<String, BatchPolicy> POLICIES =
      Map.of("small", new BatchPolicy(8, OBJECTIVE), "large", new BatchPolicy(8));
  private static final BatchCost COST =
      (variant, size) -> ms(variant.equals("small") ? 1 + 2L * size : 10 + 20L * size);

  @Test
  void the_page_has_the_simulations_figures() throws IOException {
    String page = Files.readString(Path.of("../../docs/batching.md"));

    assertThat(page)
        .contains(
            row("2000 accuracy events at once", saturated()),
            row("latency events one after another, nothing else", single()),
            row("latency events at random, 40 a second, nothing else", random(0)),
            row("the same over a backlog of accuracy events", random(2000)),
            row("latency events, 200 a second", busy()),
            row("2000 accuracy events at once, on shared cores", sharedCores()));
  }

  private static String row(String what, List<SimulatedBatch> batches) {
    List<SimulatedBatch> measured =
        batches.stream().anyMatch(batch -> batch.variant().equals("small"))
            ? batches.stream().filter(batch -> batch.variant().equals("small")).toList()
            : batches;
    double fill =
        measured.stream()
            .mapToDouble(batch -> (double) batch.items().size() / batch.target())
            .average()
            .orElseThrow();
    long devices = batches.stream().mapToInt(SimulatedBatch::device).distinct().count();
    long busy =
        batches.stream().mapToLong(b -> b.finishedNanos() - b.startedNanos()).sum() / devices;
    long span = batches.get(batches.size() - 1).finishedNanos() - batches.get(0).startedNanos();
    List<Long> times = sorted(measured, SimulatedBatch::finishedNanos);
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.0f %% | %.0f ms | %.0f ms |",
        what,
        fill,
        100.0 * busy / span,
        times.get(times.size() / 2) / 1e6,
        times.get(times.size() * 99 / 100) / 1e6);
  }

  /** Times from arrival to an end of the batch, shortest first. */
  private static List<Long> sorted(
      List<SimulatedBatch> batches, ToLongFunction<SimulatedBatch> end) {
    return batches.stream()
        .flatMap(
            batch ->
                batch.items().stream()
                    .map(item -> end.applyAsLong(batch) - item.event().arrivesNanos()))
        .sorted()
        .toList();
  }

  private static List<SimulatedBatch> saturated() {
    return simulate(accuracy(2000, ms(5)));
  }

  private static List<SimulatedBatch> sharedCores() {
    BatchCost cost = BatchCost.affine(ms(1) / 5, ms(6) / 5);
    return new Simulation(2, 2, 2, POLICIES::get, cost).run(accuracy(2000, ms(12) / 5));
  }

  private static List<SimulatedBatch> single() {
    List<SimulatedEvent> events = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      events.add(latency(ms(50L * i)));
    }
    return simulate(events);
  }

  private static List<SimulatedBatch> random(int backlog) {
    return simulate(poisson(accuracy(backlog, ms(5)), 40, 1000));
  }

  private static List<SimulatedBatch> busy() {
    return simulate(poisson(List.of(), 200, 4000));
  }

  private static List<SimulatedEvent> poisson(
      List<SimulatedEvent> others, int perSecond, int count) {
    List<SimulatedEvent> events = new ArrayList<>(others);
    Random random = new Random(1);
    double at = 0;
    for (int i = 0; i < count; i++) {
      at += -Math.log(1 - random.nextDouble()) * 1e9 / perSecond;
      events.add(latency((long) at));
    }
    return events;
  }

  private static List<SimulatedEvent> accuracy(int count, long decodeNanos) {
    List<SimulatedEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(new SimulatedEvent(0, i % 4, "large", Duration.ofMillis(50), null, decodeNanos));
    }
    return events;
  }

  private static SimulatedEvent latency(long atNanos) {
    return new SimulatedEvent(atNanos, 0, "small", Duration.ofMillis(2), OBJECTIVE, ms(5));
  }

  private static List<SimulatedBatch> simulate(List<SimulatedEvent> events) {
    return new Simulation(1, 2, POLICIES::get, COST).run(events);
  }

  private static long ms(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
