package dev.phistream.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.latency.Prediction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An objective of 100 ms, a period of a second, three variants; time is in milliseconds. */
class BrownoutTest {
  private static final Duration OBJECTIVE = Duration.ofMillis(100);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private Brownout brownout = fresh();

  /** What is the case at an arrival. */
  record Moment(int afterMs, int waitingMs, int computeMs, double load, int tookMs) {}

  @Property(tries = 500)
  void it_never_goes_back_and_forth_within_a_period_and_never_skips_a_variant(
      @ForAll("histories") List<Moment> history) {
    brownout = fresh();
    long now = 0;
    int level = 0;
    int waitingAtStep = 0;
    long lastDown = Long.MIN_VALUE / 2;
    long lastUp = Long.MIN_VALUE / 2;
    long firstDownSinceUp = Long.MIN_VALUE / 2;
    for (Moment moment : history) {
      now += moment.afterMs();
      brownout.answered(ms(now - moment.tookMs()), ms(now));
      int next = arrive(now, moment.waitingMs(), moment.computeMs(), moment.load());
      assertThat(next).isBetween(Math.max(0, level - 1), Math.min(2, level + 1));
      if (next > level) {
        if (moment.waitingMs() < 1.25 * waitingAtStep || waitingAtStep == 0) {
          assertThat(now - Math.max(lastDown, lastUp))
              .isGreaterThanOrEqualTo(OBJECTIVE.toMillis() / 2);
        }
        waitingAtStep = moment.waitingMs();
        if (lastUp > firstDownSinceUp) { // down, up, and down again
          assertThat(now - lastDown).isGreaterThanOrEqualTo(PERIOD.toMillis());
          firstDownSinceUp = now;
        }
        lastDown = now;
      } else if (next < level) {
        assertThat(now - lastDown).isGreaterThanOrEqualTo(PERIOD.toMillis());
        assertThat(now - lastUp).isGreaterThanOrEqualTo(PERIOD.toMillis());
        lastUp = now;
        waitingAtStep = 0;
      }
      level = next;
    }
  }

  @Provide
  Arbitrary<List<Moment>> histories() {
    return Combinators.combine(
            Arbitraries.oneOf(Arbitraries.integers().between(0, 40), Arbitraries.of(300, 1500)),
            Arbitraries.of(0, 10, 30, 60, 200),
            Arbitraries.of(5, 40, 120),
            Arbitraries.of(0.0, 0.5, 0.9, 3.0),
            Arbitraries.of(20, 20, 20, 150))
        .as(Moment::new)
        .list()
        .ofMinSize(50)
        .ofMaxSize(300);
  }

  @Example
  void waiting_for_more_than_half_of_what_computing_leaves_steps_down_before_answers_are_late() {
    assertThat(arrive(0, 29, 40, 0)).isZero();
    assertThat(arrive(1, 31, 40, 0)).isEqualTo(1);

    assertThat(brownout.reason()).isEqualTo("31 ms of waiting predicted, objective 100 ms");
  }

  @Example
  void a_step_down_is_given_half_of_the_objective_to_show_what_it_does() {
    assertThat(arrive(0, 60, 5, 0)).isEqualTo(1);

    assertThat(arrive(49, 70, 5, 0)).isEqualTo(1);
    assertThat(arrive(50, 60, 5, 0)).isEqualTo(2);
    assertThat(arrive(500, 60, 5, 0)).isEqualTo(2);
  }

  @Example
  void a_step_down_after_which_waiting_grows_by_a_quarter_was_not_enough() {
    assertThat(arrive(0, 60, 5, 0)).isEqualTo(1);

    assertThat(arrive(3, 74, 5, 0)).isEqualTo(1);
    assertThat(arrive(4, 75, 5, 0)).isEqualTo(2);
  }

  @Example
  void late_answers_step_down_although_nothing_of_it_was_predicted() {
    for (int i = 0; i < 99; i++) {
      brownout.answered(ms(i), ms(i + 50));
    }
    brownout.answered(ms(48), ms(149));
    assertThat(arrive(150, 0, 5, 0)).isZero();

    brownout.answered(ms(50), ms(151));
    assertThat(arrive(152, 0, 5, 0)).isEqualTo(1);

    assertThat(brownout.reason()).isEqualTo("2 of 101 answers later than the objective of 100 ms");
  }

  @Example
  void late_answers_of_events_from_before_the_last_step_do_not_count() {
    assertThat(arrive(0, 90, 5, 0)).isEqualTo(1);
    for (int i = 0; i < 50; i++) {
      brownout.answered(ms(-100), ms(30));
    }

    assertThat(arrive(31, 0, 5, 1)).isEqualTo(1);
  }

  @Example
  void it_steps_up_when_the_larger_variant_would_have_had_a_fifth_to_spare_for_a_period() {
    assertThat(arrive(0, 90, 5, 5)).isEqualTo(1);
    for (int now = 100; now < 2000; now += 100) {
      assertThat(arrive(now, 0, 5, 0.9)).isEqualTo(1);
    }

    assertThat(arrive(2000, 0, 5, 0.7)).isEqualTo(1);
    assertThat(arrive(2999, 0, 5, 0.7)).isEqualTo(1);
    assertThat(arrive(3000, 0, 5, 0.7)).isZero();
  }

  @Example
  void a_variant_that_is_predicted_to_be_too_slow_by_itself_is_tried_again_in_the_long_run() {
    assertThat(arrive(0, 0, 120, 0)).isEqualTo(1);

    List<Integer> levels = new ArrayList<>();
    for (int now = 100; now <= 10_100; now += 100) {
      levels.add(brownout.arrive(ms(now), forecast(0, level -> level == 0 ? 120 : 5, 0)));
    }

    assertThat(levels.subList(0, 100)).containsOnly(1);
    assertThat(levels.get(100)).isZero();
  }

  private static Brownout fresh() {
    return new Brownout(new BrownoutPolicy(PERIOD, 0.5, 0.01), OBJECTIVE, 3);
  }

  private int arrive(long nowMs, int waitingMs, int computeMs, double load) {
    return brownout.arrive(ms(nowMs), forecast(waitingMs, level -> computeMs, load));
  }

  private static Brownout.LoadForecast forecast(
      int waitingMs, IntUnaryOperator computeMs, double load) {
    return new Brownout.LoadForecast() {
      @Override
      public Prediction predict(int level) {
        return new Prediction(
            Duration.ofMillis(waitingMs), Duration.ofMillis(computeMs.applyAsInt(level)));
      }

      @Override
      public double load(int level) {
        return load;
      }
    };
  }

  private static long ms(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
