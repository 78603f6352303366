package dev.phistream.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.batching.BatchForecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Micro-batches of four; one of n takes 10 + 10·n ms if it is large, a fifth if it is small. */
class LatencyModelTest {
  private static final Duration SOON = Duration.ofMillis(100);
  private static final BatchForecast<String> TWO_DEVICES =
      new BatchForecast<>() {
        @Override
        public int devices() {
          return 2;
        }

        @Override
        public int target(String variant) {
          return 4;
        }

        @Override
        public long nanos(String variant, int size) {
          return ms(variant.equals("large") ? 10 + 10L * size : 2 + 2L * size);
        }
      };

  private final List<String> told = new ArrayList<>();
  private final LatencyModel latency =
      new LatencyModel(
          TWO_DEVICES,
          2,
          (variant, predicted, actual) ->
              told.add("%s %d %d".formatted(variant, predicted.toMillis(), actual.toMillis())));

  @Test
  void an_event_that_comes_alone_takes_its_decoding_and_a_batch_of_one() {
    LatencyModel.Flight first = latency.arrive("large", null);
    first.decoded(Duration.ofMillis(5));
    first.abandoned();

    Prediction prediction = latency.predict("large", null);

    assertThat(prediction.waiting()).isZero();
    assertThat(prediction.compute()).isEqualTo(Duration.ofMillis(25));
  }

  @Test
  void events_in_flight_are_waited_for_by_what_they_take_on_all_devices() {
    arrive(40, "large", null);

    // 40 of 12.5 ms each on two devices, and a full batch.
    assertThat(latency.predict("large", null).waiting()).isEqualTo(Duration.ofMillis(250));
    assertThat(latency.predict("large", null).compute()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void decoders_are_waited_for_where_they_are_slower_than_devices() {
    List<LatencyModel.Flight> flights = arrive(41, "small", SOON);
    flights.get(0).decoded(Duration.ofMillis(50));

    assertThat(latency.predict("small", SOON).waiting()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void a_nearer_objective_waits_for_half_a_running_batch_of_the_others_only() {
    arrive(400, "large", null);

    assertThat(latency.predict("small", SOON).waiting())
        .isEqualTo(Duration.ofMillis(50).dividedBy(4));
    assertThat(latency.predict("small", null).waiting()).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void what_was_answered_or_dropped_is_waited_for_no_more() {
    List<LatencyModel.Flight> flights = arrive(40, "large", null);

    flights.forEach(LatencyModel.Flight::abandoned);
    flights.forEach(LatencyModel.Flight::abandoned);

    assertThat(latency.predict("large", null).waiting()).isZero();
  }

  @Test
  void what_answers_take_corrects_what_the_model_says() {
    for (int i = 0; i < 100; i++) {
      latency.arrive("large", null).answered(Duration.ofMillis(30)); // not 20
    }

    assertThat(latency.predict("large", null).total()).isEqualTo(Duration.ofMillis(30));
    assertThat(latency.predict("small", null).total()).isEqualTo(Duration.ofMillis(4));
  }

  @Test
  void answers_under_a_load_of_every_kind_correct_the_slope_too() {
    for (int round = 0; round < 200; round++) {
      List<LatencyModel.Flight> ahead = arrive(round % 50, "large", null);
      Duration said = plain(round % 50);
      latency.arrive("large", null).answered(said.multipliedBy(2).plusMillis(7));
      ahead.forEach(LatencyModel.Flight::abandoned);
    }

    for (int ahead : new int[] {1, 20, 49}) {
      List<LatencyModel.Flight> flights = arrive(ahead, "large", null);
      assertThat(latency.predict("large", null).total().toNanos())
          .isCloseTo(
              plain(ahead).multipliedBy(2).plusMillis(7).toNanos(), Percentage.withPercentage(10));
      flights.forEach(LatencyModel.Flight::abandoned);
    }
  }

  @Test
  void quiet_times_do_not_teach_that_a_queue_takes_less_than_it_does() {
    for (int round = 0; round < 200; round++) { // one or two at a time, each in 20 ms
      List<LatencyModel.Flight> ahead = arrive(round % 2, "large", null);
      latency.arrive("large", null).answered(Duration.ofMillis(20));
      ahead.forEach(LatencyModel.Flight::abandoned);
    }

    arrive(100, "large", null);

    assertThat(latency.predict("large", null).total())
        .isBetween(plain(100).minusMillis(30), plain(100));
  }

  @Test
  void whoever_listens_is_told_what_was_predicted_and_what_came() {
    LatencyModel.Flight flight = latency.arrive("large", null);

    flight.answered(Duration.ofMillis(23));
    flight.answered(Duration.ofMillis(99));
    flight.abandoned();

    assertThat(told).containsExactly("large 20 23");
  }

  private static Duration plain(int ahead) {
    long own = 10 + 10L * Math.min(4, ahead + 1);
    return Duration.ofNanos(ms(own) + Math.round(ahead * 12.5 / 2 * 1e6));
  }

  private List<LatencyModel.Flight> arrive(
      int count, String variant, @Nullable Duration objective) {
    List<LatencyModel.Flight> flights = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      flights.add(latency.arrive(variant, objective));
    }
    return flights;
  }

  private static long ms(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
