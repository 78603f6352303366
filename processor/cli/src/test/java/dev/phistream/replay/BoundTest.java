package dev.phistream.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @Test
  void the_ends_of_the_topic_have_names() {
    assertThat(parse("earliest")).isEqualTo(new Bound.Earliest());
    assertThat(parse("LATEST")).isEqualTo(new Bound.Latest());
  }

  @Test
  void times_without_a_zone_are_utc_and_dates_are_midnight() {
    assertThat(parse("2026-11-01T06:30:00+01:00")).isEqualTo(at("2026-11-01T05:30:00Z"));
    assertThat(parse("2026-11-01T06:30:00Z")).isEqualTo(at("2026-11-01T06:30:00Z"));
    assertThat(parse("2026-11-01T06:30")).isEqualTo(at("2026-11-01T06:30:00Z"));
    assertThat(parse("2026-11-01")).isEqualTo(at("2026-11-01T00:00:00Z"));
  }

  @Test
  void relative_times_count_back_from_now() {
    assertThat(parse("-90s")).isEqualTo(at("2026-11-24T11:58:30Z"));
    assertThat(parse("-5m")).isEqualTo(at("2026-11-24T11:55:00Z"));
    assertThat(parse("-2h")).isEqualTo(at("2026-11-24T10:00:00Z"));
    assertThat(parse("-7d")).isEqualTo(at("2026-11-17T12:00:00Z"));
    assertThat(parse("-1w")).isEqualTo(parse("-7d"));
  }

  @Test
  void offsets_are_per_partition() {
    assertThat(parse("0:1200,3:7")).isEqualTo(new Bound.Offsets(Map.of(0, 1200L, 3, 7L)));
  }

  @Test
  void what_is_none_of_these_is_refused_with_examples() {
    for (String text : new String[] {"", "yesterday", "7d", "-7", "12", "0:1,", "2026-13-01"}) {
      assertThatThrownBy(() -> parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("--from: " + text + " (expected: ")
          .hasMessageContaining("-7d");
    }
    assertThatThrownBy(() -> parse("0:1,0:2")).hasMessageContaining("partition 0 twice");
  }

  private static Bound parse(String text) {
    return Bound.parse("--from", text, NOW);
  }

  private static Bound at(String time) {
    return new Bound.At(Instant.parse(time));
  }
}
