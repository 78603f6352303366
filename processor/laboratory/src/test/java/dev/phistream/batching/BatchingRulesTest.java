package dev.phistream.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.planning.BatchCost;
import dev.phistream.planning.SimulatedBatch;
import dev.phistream.planning.SimulatedEvent;
import dev.phistream.planning.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for micro-batches whatever arrives, by simulation in virtual time. */
class BatchingRulesTest {
  private static final Duration LATENCY_OBJECTIVE = Duration.ofMillis(100);
  private static final Map<String, BatchPolicy> POLICIES =
      Map.of("small", new BatchPolicy(8, LATENCY_OBJECTIVE), "large", new BatchPolicy(8));
  private static final BatchCost COST =
      (variant, size) -> ms(variant.equals("small") ? 1 + 2 * size : 10 + 20 * size);

  @Property(tries = 300)
  void each_event_runs_exactly_once_and_no_batch_exceeds_its_target(
      @ForAll("traffic") List<SimulatedEvent> events,
      @ForAll @IntRange(min = 1, max = 3) int devices) {
    List<SimulatedBatch> batches = simulate(devices, 2, events);

    assertThat(ran(batches)).containsExactlyInAnyOrderElementsOf(events);
    assertThat(batches)
        .allSatisfy(batch -> assertThat(batch.items()).hasSizeBetween(1, batch.target()))
        .allSatisfy(batch -> assertThat(batch.target()).isBetween(1, 8));
  }

  @Property(tries = 300)
  void no_device_idles_while_a_prepared_event_is_due_unless_a_backlog_fills_its_batch(
      @ForAll("sparse") List<SimulatedEvent> events,
      @ForAll @IntRange(min = 1, max = 3) int devices) {
    List<SimulatedBatch> batches = simulate(devices, 2, events);

    for (SimulatedBatch batch : batches) {
      for (SimulatedBatch.Item item : batch.items()) {
        for (int device = 0; device < devices; device++) {
          assertThat(idleWithin(batches, device, shouldStart(item), batch.startedNanos()))
              .as("device %d idles before %d", device, batch.startedNanos())
              .isZero();
        }
      }
    }
  }

  @Property(tries = 300)
  void no_device_idles_for_longer_than_it_may_wait_for_a_full_batch_while_a_prepared_event_is_due(
      @ForAll("traffic") List<SimulatedEvent> events,
      @ForAll @IntRange(min = 1, max = 3) int devices) {
    List<SimulatedBatch> batches = simulate(devices, 2, events);

    for (SimulatedBatch batch : batches) {
      for (SimulatedBatch.Item item : batch.items()) {
        for (int device = 0; device < devices; device++) {
          assertThat(longestIdleWithin(batches, device, shouldStart(item), batch.startedNanos()))
              .as("device %d idles before %d", device, batch.startedNanos())
              // What a full batch is predicted to take when only smaller ones have run.
              .isLessThanOrEqualTo(fullBatches(batch) * 8 * COST.nanos(batch.variant(), 1));
        }
      }
    }
  }

  @Property(tries = 300)
  void the_earliest_deadline_goes_first(@ForAll("traffic") List<SimulatedEvent> events) {
    List<SimulatedBatch> batches = simulate(1, 2, events);

    for (SimulatedBatch batch : batches) {
      long latest = deadlines(batch).max(Long::compare).orElseThrow();
      long earliest = deadlines(batch).min(Long::compare).orElseThrow();
      for (SimulatedBatch later : batches) {
        if (later.startedNanos() <= batch.startedNanos()) {
          continue;
        }
        boolean same = later.variant().equals(batch.variant());
        for (SimulatedBatch.Item item : later.items()) {
          boolean waited = item.preparedNanos() <= batch.startedNanos();
          long deadline = item.event().urgency().deadlineNanos();
          // One of another variant may wait on, while its own batch still fills.
          boolean ready = item.event().urgency().dueNanos() <= batch.startedNanos();
          if (waited && same) {
            assertThat(deadline).isGreaterThanOrEqualTo(latest);
          } else if (waited && ready) {
            assertThat(deadline).isGreaterThanOrEqualTo(earliest);
          }
        }
      }
    }
  }

  @Property(tries = 200)
  void no_partition_starves_whatever_the_others_send(
      @ForAll @IntRange(min = 1, max = 7) int greedy,
      @ForAll @IntRange(min = 1, max = 2) int devices,
      @ForAll @IntRange(min = 1, max = 400) int modestAtMs) {
    List<SimulatedEvent> events = new ArrayList<>();
    for (int partition = 0; partition < greedy; partition++) {
      for (int i = 0; i < 200; i++) {
        events.add(event(i, partition, "large", null, 1));
      }
    }
    SimulatedEvent modest = event(modestAtMs, 99, "large", null, 1);
    events.add(modest);

    List<SimulatedBatch> batches = simulate(devices, 8, events);

    // Everything of earlier arrival may go first, and nothing else but what shares a batch with it.
    long before =
        events.stream().filter(event -> event.arrivesNanos() <= modest.arrivesNanos()).count();
    long started =
        batches.stream()
            .takeWhile(batch -> !events(batch).contains(modest))
            .flatMap(b -> b.items().stream())
            .count();
    assertThat(started).isLessThan(before + 8L * devices);
  }

  @Property(tries = 100)
  void latency_events_wait_for_at_most_one_running_batch_whatever_the_backlog(
      @ForAll @IntRange(min = 1, max = 3000) int backlog,
      @ForAll @IntRange(min = 300, max = 60_000) int atMs) {
    List<SimulatedEvent> events = new ArrayList<>();
    for (int i = 0; i < backlog; i++) {
      events.add(event(0, i % 4, "large", null, 1));
    }
    SimulatedEvent urgent = event(atMs, 0, "small", LATENCY_OBJECTIVE, 3);
    events.add(urgent);

    List<SimulatedBatch> batches = simulate(1, 2, events);

    SimulatedBatch own =
        batches.stream().filter(batch -> events(batch).contains(urgent)).findFirst().orElseThrow();
    long prepared = urgent.arrivesNanos() + urgent.decodeNanos();
    assertThat(own.finishedNanos() - prepared)
        .isLessThanOrEqualTo(COST.nanos("large", 8) + COST.nanos("small", 1));
  }

  @Test
  void a_flood_of_latency_events_keeps_a_variant_waiting_until_it_has_aged_and_no_longer() {
    SimulatedEvent patient = event(0, 0, "large", null, 1);
    List<SimulatedEvent> events = new ArrayList<>(List.of(patient));
    for (int i = 0; i < 20_000; i++) { // more than the device can do
      events.add(event(i, 1, "small", LATENCY_OBJECTIVE, 0));
    }

    List<SimulatedBatch> batches = simulate(1, 8, events);

    SimulatedBatch own =
        batches.stream().filter(batch -> events(batch).contains(patient)).findFirst().orElseThrow();
    assertThat(own.startedNanos())
        .isLessThanOrEqualTo(
            patient.urgency().dueNanos() + Urgency.AGES_AFTER.toNanos() + COST.nanos("small", 8));
  }

  @Property(tries = 50)
  void saturated_batches_are_full_and_the_device_never_waits(
      @ForAll @IntRange(min = 1, max = 3) int devices,
      @ForAll @IntRange(min = 1, max = 8) int partitions,
      @ForAll boolean small) {
    String variant = small ? "small" : "large";
    Duration objective = small ? LATENCY_OBJECTIVE : null;
    List<SimulatedEvent> events = new ArrayList<>();
    for (int i = 0; i < 2000; i++) { // all there from the start; decoding keeps ahead
      events.add(event(0, i % partitions, variant, objective, 1));
    }

    List<SimulatedBatch> batches = simulate(devices, 4 * devices, events);

    assertThat(fill(batches)).isGreaterThanOrEqualTo(0.9);
    long end = batches.stream().mapToLong(SimulatedBatch::startedNanos).max().orElseThrow();
    long begin = batches.get(0).startedNanos();
    for (int device = 0; device < devices; device++) {
      assertThat(idleWithin(batches, device, begin, end)).isLessThan((end - begin) / 20);
    }
  }

  @Property(tries = 50)
  void saturated_batches_are_full_although_decoders_and_devices_share_the_cores(
      @ForAll @IntRange(min = 1, max = 4) int cores,
      @ForAll @IntRange(min = 20, max = 300) int decodeTenthsMs,
      @ForAll boolean small) {
    Duration objective = small ? LATENCY_OBJECTIVE : null;
    List<SimulatedEvent> events = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      events.add(
          new SimulatedEvent(
              0,
              i % 4,
              small ? "small" : "large",
              Duration.ofMillis(2),
              objective,
              decodeTenthsMs * ms(1) / 10));
    }
    BatchCost cost = BatchCost.affine(0, decodeTenthsMs * ms(1) / 15);

    List<SimulatedBatch> batches =
        new Simulation(cores, cores, cores, POLICIES::get, cost).run(events);

    assertThat(fill(batches)).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void one_slow_decode_holds_up_nobody_for_longer_than_its_own_due_time() {
    List<SimulatedEvent> events = new ArrayList<>();
    events.add(event(0, 0, "large", null, 5000)); // a reference that takes 5 s to fetch
    for (int i = 0; i < 20; i++) {
      events.add(event(100 + 300 * i, 1, "large", null, 1));
    }

    List<SimulatedBatch> batches = simulate(1, 2, events);

    assertThat(
            batches.stream()
                .flatMap(
                    batch ->
                        batch.items().stream()
                            .filter(item -> item.event().partition() == 1)
                            .map(item -> batch.startedNanos() - item.preparedNanos())))
        .allSatisfy(wait -> assertThat(wait).isLessThanOrEqualTo(COST.nanos("large", 1)));
  }

  @Test
  void the_target_follows_the_objective() {
    List<SimulatedEvent> events =
        IntStream.range(0, 1000)
            .mapToObj(i -> event(0, i % 4, "small", LATENCY_OBJECTIVE, 1))
            .toList();
    BatchCost slow = BatchCost.affine(ms(10), ms(10)); // half of 100 ms allows 4

    List<SimulatedBatch> batches = new Simulation(1, 4, POLICIES::get, slow).run(events);

    assertThat(batches.get(batches.size() - 2).target()).isEqualTo(4);
  }

  @Provide
  Arbitrary<List<SimulatedEvent>> traffic() {
    Arbitrary<SimulatedEvent> event =
        Combinators.combine(
                Arbitraries.integers().between(0, 1500),
                Arbitraries.integers().between(0, 3),
                Arbitraries.of(true, false),
                Arbitraries.frequencyOf(
                    Tuple.of(9, Arbitraries.integers().between(0, 8)),
                    Tuple.of(1, Arbitraries.integers().between(0, 400))))
            .as(
                (atMs, partition, small, decodeMs) ->
                    event(
                        atMs,
                        partition,
                        small ? "small" : "large",
                        small ? LATENCY_OBJECTIVE : null,
                        decodeMs));
    return event.list().ofMinSize(1).ofMaxSize(120).map(BatchingRulesTest::distinct);
  }

  /** Never as many at hand as fill a batch. */
  @Provide
  Arbitrary<List<SimulatedEvent>> sparse() {
    return traffic()
        .map(events -> events.subList(0, Math.min(7, events.size())))
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(
            bursts ->
                distinct(
                    IntStream.range(0, bursts.size())
                        .boxed()
                        .flatMap(
                            i -> bursts.get(i).stream().map(event -> delayed(event, ms(3000L * i))))
                        .toList()));
  }

  private static SimulatedEvent delayed(SimulatedEvent e, long nanos) {
    return new SimulatedEvent(
        e.arrivesNanos() + nanos,
        e.partition(),
        e.variant(),
        e.maxDelay(),
        e.objective(),
        e.decodeNanos());
  }

  /** Moves equal events a little, so that each can be told from the others. */
  private static List<SimulatedEvent> distinct(List<SimulatedEvent> events) {
    return IntStream.range(0, events.size())
        .mapToObj(
            i -> {
              SimulatedEvent e = events.get(i);
              return delayed(e, i);
            })
        .toList();
  }

  private static List<SimulatedBatch> simulate(
      int devices, int decoders, List<SimulatedEvent> events) {
    Function<String, BatchPolicy> policies = POLICIES::get;
    return new Simulation(devices, decoders, policies, COST).run(events);
  }

  private static SimulatedEvent event(
      long atMs, int partition, String variant, @Nullable Duration objective, long decodeMs) {
    Duration maxDelay = Duration.ofMillis(objective == null ? 50 : 2);
    return new SimulatedEvent(ms(atMs), partition, variant, maxDelay, objective, ms(decodeMs));
  }

  private static List<SimulatedEvent> ran(List<SimulatedBatch> batches) {
    return batches.stream().flatMap(batch -> events(batch).stream()).toList();
  }

  private static List<SimulatedEvent> events(SimulatedBatch batch) {
    return batch.items().stream().map(SimulatedBatch.Item::event).toList();
  }

  /** Mean of batch ÷ target. */
  private static double fill(List<SimulatedBatch> batches) {
    return batches.stream()
        .mapToDouble(batch -> (double) batch.items().size() / batch.target())
        .average()
        .orElseThrow();
  }

  /** When a free device should start an event, if no backlog fills its batch. */
  private static long shouldStart(SimulatedBatch.Item item) {
    return Math.max(item.preparedNanos(), item.event().urgency().dueNanos());
  }

  /** For how many full batches' time a device may wait for a batch to fill. */
  private static long fullBatches(SimulatedBatch batch) {
    return events(batch).stream().allMatch(event -> event.urgency().isPatient())
        ? BatchScheduler.PATIENT_FULL_BATCHES
        : 1;
  }

  private static Stream<Long> deadlines(SimulatedBatch batch) {
    return events(batch).stream().map(event -> event.urgency().deadlineNanos());
  }

  /** Time in which a device runs nothing. */
  private static long idleWithin(List<SimulatedBatch> batches, int device, long from, long to) {
    return idles(batches, device, from, to).stream().mapToLong(Long::longValue).sum();
  }

  private static long longestIdleWithin(
      List<SimulatedBatch> batches, int device, long from, long to) {
    return idles(batches, device, from, to).stream().max(Long::compare).orElse(0L);
  }

  /** How long a device runs nothing, each time between two of its batches. */
  private static List<Long> idles(List<SimulatedBatch> batches, int device, long from, long to) {
    List<Long> idles = new ArrayList<>();
    long free = from;
    for (SimulatedBatch batch :
        batches.stream()
            .filter(b -> b.device() == device)
            .sorted(Comparator.comparingLong(SimulatedBatch::startedNanos))
            .toList()) {
      if (batch.finishedNanos() > from && batch.startedNanos() < to) {
        idles.add(Math.max(0, batch.startedNanos() - free));
        free = Math.max(free, batch.finishedNanos());
      }
    }
    idles.add(Math.max(0, to - free));
    return idles;
  }

  private static long ms(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
