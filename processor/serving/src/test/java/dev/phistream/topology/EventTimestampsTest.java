package dev.phistream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimestampsTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @Test
  void the_past_is_left_as_it_is() {
    assertThat(extract(0)).isZero();
    assertThat(extract(NOW.toEpochMilli())).isEqualTo(NOW.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, -5, Long.MIN_VALUE})
  void a_time_before_all_times_becomes_the_present(long timestamp) {
    assertThat(extract(timestamp)).isEqualTo(NOW.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(longs = {10_800_000, Long.MAX_VALUE / 2})
  void a_time_far_ahead_comes_back(long ahead) {
    assertThat(extract(NOW.toEpochMilli() + ahead))
        .isEqualTo(NOW.plus(EventTimestamps.MOST_AHEAD).toEpochMilli());
  }

  @Test
  void outcomes_have_times_that_their_topic_takes() {
    long now = NOW.toEpochMilli();
    long hour = Duration.ofHours(1).toMillis();
    TopicLimits strict = new TopicLimits(1, hour, hour);

    assertThat(strict.acceptable(now - 5, now)).isEqualTo(now - 5);
    assertThat(strict.acceptable(0, now)).isBetween(now - hour + 1, now);
    assertThat(strict.acceptable(now + 2 * hour, now)).isBetween(now, now + hour - 1);
    assertThat(TopicLimits.NONE.acceptable(0, now)).isZero();
    assertThat(new TopicLimits(1, 0, 0).acceptable(now - hour, now)).isEqualTo(now);
  }

  private static long extract(long timestamp) {
    return new EventTimestamps(Clock.fixed(NOW, ZoneOffset.UTC))
        .extract(
            new ConsumerRecord<>(
                "images",
                0,
                0,
                timestamp,
                TimestampType.CREATE_TIME,
                0,
                0,
                new Object(),
                new Object(),
                new RecordHeaders(),
                Optional.empty()),
            -1);
  }
}
