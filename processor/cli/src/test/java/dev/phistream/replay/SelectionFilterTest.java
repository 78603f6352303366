package dev.phistream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.EventReader;
import dev.phistream.wire.EventRecord;
import dev.phistream.wire.UnreadableEventException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectionFilterTest {
  private static final EventReader READER =
      record ->
          ImageEvents.builder("1", "camera-7", Instant.EPOCH, new byte[] {1})
              .setTier(Tier.ACCURACY)
              .setAttributes(new TreeMap<>(Map.of("shift", "night")))
              .build();

  @Test
  void every_condition_must_hold() {
    assertThat(reason(selection(Set.of("camera-7"), Set.of(Tier.ACCURACY), "night"))).isNull();
    assertThat(reason(selection(Set.of("camera-8"), Set.of(), "night"))).isEqualTo("source");
    assertThat(reason(selection(Set.of(), Set.of(Tier.DEFAULT), "night"))).isEqualTo("tier");
    assertThat(reason(selection(Set.of(), Set.of(), "day"))).isEqualTo("attribute");
  }

  @Test
  void what_cannot_be_read_is_taken_and_fails_where_it_is_told() {
    EventReader broken =
        record -> {
          throw new UnreadableEventException(ErrorCode.EVENT_UNREADABLE, "torn", null);
        };

    assertThat(
            new SelectionFilter(selection(Set.of("camera-8"), Set.of(), "day"), broken)
                .reasonToSkip(record("k".getBytes(UTF_8), 0)))
        .isNull();
  }

  @Property(tries = 200)
  void a_key_that_is_in_a_sample_is_in_every_larger_one(
      @ForAll @Size(min = 1, max = 20) byte[] key,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double share) {
    boolean small = sample(share, key, 0);
    boolean large = sample(share + 0.4, key, 9);

    assertThat(large || !small).isTrue();
  }

  @Test
  void a_sample_is_as_large_as_its_share_with_keys_and_without() {
    assertThat(
            IntStream.range(0, 10_000)
                .filter(i -> sample(0.3, ("key-" + i).getBytes(UTF_8), 0))
                .count())
        .isBetween(2800L, 3200L);
    assertThat(IntStream.range(0, 10_000).filter(i -> sample(0.3, null, i)).count())
        .isBetween(2800L, 3200L);
  }

  @Test
  void shares_and_scores_must_be_possible() {
    assertThatThrownBy(() -> new Selection(Set.of(), Set.of(), Map.of(), 1.5, null))
        .hasMessage("sample: 1.5 (expected: above 0, up to 1)");
    assertThatThrownBy(() -> new Selection.Previous(List.of("labels"), 0.0, Set.of(), false))
        .hasMessage("below: 0.0 (expected: above 0, up to 1)");
  }

  @Test
  void earlier_results_that_do_not_fit_into_memory_are_refused_before_they_are_read() {
    ReplayPlan plan = Plans.of(new PartitionRange(0, 0, 1_000_001));

    assertThatThrownBy(() -> PreviousResults.checkMemory(plan, 32_000_000))
        .isInstanceOf(ReplayException.class)
        .hasMessageContaining("1000001 offsets in the range (expected: at most 1000000")
        .hasMessageContaining("-Xmx");
  }

  private static boolean sample(double share, byte @Nullable [] key, long offset) {
    Selection sample = new Selection(Set.of(), Set.of(), Map.of(), share, null);
    return new SelectionFilter(sample, READER).reasonToSkip(record(key, offset)) == null;
  }

  private static @Nullable String reason(Selection selection) {
    return new SelectionFilter(selection, READER).reasonToSkip(record("k".getBytes(UTF_8), 0));
  }

  private static Selection selection(Set<String> sources, Set<Tier> tiers, String shift) {
    return new Selection(sources, tiers, Map.of("shift", shift), 1, null);
  }

  private static EventRecord record(byte @Nullable [] key, long offset) {
    return new EventRecord("images", 0, offset, 0, key, new byte[] {1}, new RecordHeaders());
  }
}
