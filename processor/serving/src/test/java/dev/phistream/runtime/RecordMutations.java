package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.runtime.RecordFlow.Outcome;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random mutants of whole records beside good events: each record has exactly one outcome, the good
 * ones have labels, and no partition stands still for ten seconds. The system properties {@code
 * phistream.test.mutants} and {@code phistream.test.seed} say how many and which; 5,000 take
 * minutes.
 */
@Timeout(1200)
@ExtendWith(BrokerKit.Extension.class)
class RecordMutations {
  private static final int MUTANTS = Integer.getInteger("phistream.test.mutants", 200);
  private static final long SEED = Long.getLong("phistream.test.seed", 19);
  private static final Duration STANDSTILL = Duration.ofSeconds(10);
  private static final int PARTITIONS = 2;

  /** So many records are sent at once; not all, for some are large. */
  private static final int AT_ONCE = 50;

  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final RecordFlow flow;
  private final Map<Integer, Long> offsets = new HashMap<>();
  private final Set<String> good = new TreeSet<>();
  private final Set<String> mutants = new TreeSet<>();

  RecordMutations(BrokerKit kafka) {
    this.kafka = kafka;
    this.flow = new RecordFlow(kafka, "mutants", models);
  }

  @BeforeAll
  static void one_small_network() throws Exception {
    TinyModels.write(models, "small", -12);
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void whatever_a_record_is_it_has_one_outcome_and_the_stream_goes_on() throws Exception {
    System.out.printf("%d mutants of seed %d%n", MUTANTS, SEED);
    flow.createTopics(PARTITIONS, Map.of());
    RecordMutants source = new RecordMutants(SEED);
    byte[] event = RecordFlow.event("mutant", null);
    try (StreamProcessor processor = flow.start(Map.of("images.max-pixels", "1000000"), null)) {
      while (mutants.size() < MUTANTS) {
        send(source, event);
        awaitOutcomes(processor);
      }
    }

    Map<String, List<Outcome>> outcomes = flow.outcomes();
    assertThat(outcomes.values()).allSatisfy(each -> assertThat(each).hasSize(1));
    assertThat(outcomes.keySet()).containsAll(good).containsAll(mutants);
    assertThat(good)
        .allSatisfy(
            place ->
                assertThat(outcomes.get(place))
                    .extracting(Outcome::code)
                    .containsExactly(Outcome.LABEL));
    assertThat(outcomes)
        .allSatisfy(
            (place, each) ->
                assertThat(each.get(0).partition())
                    .isEqualTo(Integer.parseInt(place.substring(0, place.indexOf('@')))));
  }

  /** Some mutants with a good event behind each third of them. */
  private void send(RecordMutants source, byte[] event) {
    String compression = source.compression();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      int partition = i % PARTITIONS;
      records.add(source.next(flow.name(), partition, event));
      mutants.add(place(partition));
      if (i % 3 == 0) {
        records.add(flow.good(partition, "good"));
        good.add(place(partition));
      }
    }
    kafka.send(records, RecordMutants.producer(compression));
  }

  private String place(int partition) {
    return partition + "@" + (offsets.merge(partition, 1L, Long::sum) - 1);
  }

  /** The liveness oracle. */
  private void awaitOutcomes(StreamProcessor processor) {
    int sent = good.size() + mutants.size();
    long progress = System.nanoTime();
    Map<Integer, Integer> before = Map.of();
    while (flow.outcomes().size() < sent) {
      Map<Integer, Integer> now = answered();
      if (!now.equals(before)) {
        before = now;
        progress = System.nanoTime();
      }
      assertThat(processor.ended()).isNotDone();
      assertThat(Duration.ofNanos(System.nanoTime() - progress))
          .as("standstill with outcomes %s of offsets %s", now, offsets)
          .isLessThan(STANDSTILL);
    }
  }

  private Map<Integer, Integer> answered() {
    Map<Integer, Integer> answered = new HashMap<>();
    flow.outcomes()
        .keySet()
        .forEach(
            place ->
                answered.merge(
                    Integer.parseInt(place.substring(0, place.indexOf('@'))), 1, Integer::sum));
    return answered;
  }
}
