package dev.phistream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Tier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OracleTest {
  /** Two partitions and two tiers in turn; number 4 is poison. */
  private final List<Sent> sent =
      IntStream.range(0, 16)
          .mapToObj(
              i ->
                  new Sent(
                      new Place(i % 2, i / 2),
                      "e" + i,
                      i / 2 % 2 == 0 ? Tier.LATENCY : Tier.ACCURACY,
                      i == 4))
          .toList();

  private final List<Outcome> outcomes =
      new ArrayList<>(sent.stream().map(OracleTest::right).toList());

  @Test
  void one_outcome_each_in_order_is_exactly_once() {
    Verdict verdict = Oracle.judge(sent, outcomes);

    assertThat(verdict.isExactlyOnce()).isTrue();
  }

  @Test
  void tiers_and_partitions_may_overtake_each_other() {
    outcomes.sort((a, b) -> Long.compare(b.origin().offset() % 2, a.origin().offset() % 2));

    assertThat(Oracle.judge(sent, outcomes).isExactlyOnce()).isTrue();
  }

  @Test
  void a_lost_event_is_found() {
    outcomes.remove(7);

    Verdict verdict = Oracle.judge(sent, outcomes);

    assertThat(verdict.lost()).containsExactly(sent.get(7));
    assertThat(verdict.isAtLeastOnce()).isFalse();
  }

  @Test
  void an_event_lost_at_the_end_is_found() {
    outcomes.remove(15);

    assertThat(Oracle.judge(sent, outcomes).lost()).containsExactly(sent.get(15));
  }

  @Test
  void a_doubled_event_is_found_and_at_least_once_allows_it() {
    outcomes.add(right(sent.get(15)));

    Verdict verdict = Oracle.judge(sent, outcomes);

    assertThat(verdict.doubled()).containsExactly(right(sent.get(15)));
    assertThat(verdict.isExactlyOnce()).isFalse();
    assertThat(verdict.isAtLeastOnce()).isTrue();
  }

  @Test
  void an_event_that_is_both_labelled_and_a_dead_letter_is_found() {
    outcomes.add(Outcome.deadLetter(sent.get(3).place(), "internal"));

    Verdict verdict = Oracle.judge(sent, outcomes);

    assertThat(verdict.doubled()).hasSize(1);
    assertThat(verdict.misjudged()).hasSize(1);
  }

  @Test
  void a_swapped_order_is_found() {
    Collections.swap(outcomes, 8, 12); // both of partition 0 and the latency tier

    Verdict verdict = Oracle.judge(sent, outcomes);

    assertThat(verdict.swapped()).containsExactly(right(sent.get(8)));
    assertThat(verdict.isExactlyOnce()).isFalse();
  }

  @Test
  void a_place_where_nothing_was_sent_is_foreign() {
    Outcome outcome = Outcome.label(new Place(1, 99), "e99");
    outcomes.add(outcome);

    Verdict verdict = Oracle.judge(sent, outcomes);

    assertThat(verdict.foreign()).containsExactly(outcome);
    assertThat(verdict.isAtLeastOnce()).isFalse();
  }

  @Test
  void another_events_id_at_a_place_is_foreign_and_the_event_is_lost() {
    outcomes.set(6, Outcome.label(sent.get(6).place(), "e5"));

    Verdict verdict = Oracle.judge(sent, outcomes);

    assertThat(verdict.foreign()).hasSize(1);
    assertThat(verdict.lost()).containsExactly(sent.get(6));
  }

  @Test
  void poison_that_is_labelled_is_misjudged() {
    outcomes.set(4, Outcome.label(sent.get(4).place(), "e4"));

    Verdict verdict = Oracle.judge(sent, outcomes);

    assertThat(verdict.misjudged()).hasSize(1);
    assertThat(verdict.isAtLeastOnce()).isFalse();
  }

  private static Outcome right(Sent event) {
    return event.poison()
        ? Outcome.deadLetter(event.place(), "image-truncated")
        : Outcome.label(event.place(), event.id());
  }
}
