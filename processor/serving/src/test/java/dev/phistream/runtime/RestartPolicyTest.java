package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
  private final AtomicLong now = new AtomicLong();
  private final RestartPolicy policy = new RestartPolicy(now::get);

  @Test
  void pauses_grow_and_then_it_gives_up() {
    List<Optional<Duration>> pauses = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      pauses.add(policy.nextPause(0));
    }

    assertThat(pauses)
        .containsExactly(
            Optional.of(Duration.ofMillis(200)),
            Optional.of(Duration.ofSeconds(1)),
            Optional.of(Duration.ofSeconds(4)),
            Optional.of(Duration.ofSeconds(16)),
            Optional.of(Duration.ofSeconds(64)),
            Optional.of(Duration.ofSeconds(256)),
            Optional.empty());
  }

  @Test
  void what_happened_long_ago_is_forgotten() {
    for (int i = 0; i < 6; i++) {
      assertThat(policy.nextPause(0)).isPresent();
    }
    now.addAndGet(Duration.ofMinutes(11).toNanos());

    assertThat(policy.nextPause(0)).contains(Duration.ofMillis(200));
  }

  @Test
  void failures_between_which_events_got_their_outcomes_never_make_it_give_up() {
    for (int outcomes = 1; outcomes < 100; outcomes++) {
      assertThat(policy.nextPause(outcomes))
          .hasValueSatisfying(
              pause -> assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(1)));
    }
  }
}
