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
    for (int i = 0; i < 6; i++) {
      pauses.add(policy.nextPause());
    }

    assertThat(pauses)
        .containsExactly(
            Optional.of(Duration.ofSeconds(1)),
            Optional.of(Duration.ofSeconds(4)),
            Optional.of(Duration.ofSeconds(16)),
            Optional.of(Duration.ofSeconds(64)),
            Optional.of(Duration.ofSeconds(256)),
            Optional.empty());
  }

  @Test
  void what_happened_long_ago_is_forgotten() {
    for (int i = 0; i < 5; i++) {
      assertThat(policy.nextPause()).isPresent();
    }
    now.addAndGet(Duration.ofMinutes(11).toNanos());

    assertThat(policy.nextPause()).contains(Duration.ofSeconds(1));
  }
}
