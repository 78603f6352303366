package dev.phistream.trial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.phistream.metrics.TrialMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrialsTest {
  private static final int KEYS = 20_000;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void a_canary_takes_its_share_of_keys_and_always_the_same() {
    Trials trials = trials(canary(0.05, 0));

    Set<String> taken = taken(trials);

    assertThat(taken.size() / (double) KEYS).isCloseTo(0.05, Offset.offset(0.01));
    assertThat(taken(trials)).isEqualTo(taken);
  }

  @Test
  void a_larger_share_keeps_the_keys_of_a_smaller_one() {
    assertThat(taken(trials(canary(0.2, 0)))).containsAll(taken(trials(canary(0.1, 0))));
  }

  @Test
  void canaries_of_other_names_take_other_keys() {
    Set<String> both = taken(trials(canary(0.1, 0)));
    both.retainAll(taken(trials(new Trial("later", Trial.Kind.CANARY, "b0", 0.1, 0))));

    assertThat(both.size() / (double) KEYS).isCloseTo(0.01, Offset.offset(0.005));
  }

  @Test
  void without_a_key_the_events_id_decides() {
    Trials trials = trials(canary(0.5, 0));

    assertThat(IntStream.range(0, 100).mapToObj(i -> trials.assign("b0", null, "event " + i)))
        .extracting(Assignment::isCanary)
        .contains(true, false);
  }

  @Test
  void a_part_of_a_canarys_events_is_compared_with_the_variants_own_model() {
    Trials trials = trials(canary(1, 0.25));

    long compared =
        IntStream.range(0, KEYS)
            .mapToObj(i -> trials.assign("b0", "one key".getBytes(UTF_8), "event " + i))
            .filter(assigned -> "b0".equals(assigned.compared()))
            .count();

    assertThat(compared / (double) KEYS).isCloseTo(0.25, Offset.offset(0.02));
  }

  @Test
  void a_shadow_never_answers() {
    Trials trials = trials(new Trial("next", Trial.Kind.SHADOW, "b0", 1, 0));

    Assignment assigned = trials.assign("b0", null, "event");

    assertThat(assigned.answering()).isEqualTo("b0");
    assertThat(assigned.compared()).isEqualTo("trial:next");
  }

  @Test
  void events_of_other_variants_take_no_part() {
    Assignment assigned = trials(canary(1, 1)).assign("b4", null, "event");

    assertThat(assigned).isEqualTo(new Assignment("b4", null, null));
  }

  @Test
  void only_so_many_comparisons_wait_at_once() {
    Trials trials = trials(canary(1, 1));

    assertThat(List.of(trials.begin(), trials.begin(), trials.begin()))
        .containsExactly(true, true, false);
    trials.end();
    assertThat(trials.begin()).isTrue();
  }

  @Test
  void what_cannot_be_is_refused_by_name() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> canary(0, 0))
        .withMessage("trials.next.share: 0.0 (expected: more than 0, at most 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> canary(1, 1.5))
        .withMessageStartingWith("trials.next.compare-share: 1.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Trial("next", Trial.Kind.SHADOW, "b0", 0.1, 0.1))
        .withMessageContaining("share says how many take part");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Trial("Next one", Trial.Kind.SHADOW, "b0", 0.1, 0))
        .withMessageContaining("lower-case letters");
  }

  private static Set<String> taken(Trials trials) {
    return IntStream.range(0, KEYS)
        .mapToObj(i -> "key " + i)
        .filter(key -> trials.assign("b0", key.getBytes(UTF_8), "event").isCanary())
        .collect(Collectors.toSet());
  }

  private Trials trials(Trial trial) {
    return new Trials(List.of(trial), 2, new TrialMeters(meters));
  }

  private static Trial canary(double share, double compared) {
    return new Trial("next", Trial.Kind.CANARY, "b0", share, compared);
  }
}
