package dev.phistream.replay;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.phistream.topology.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a replay does, fixed when it begins and the same for all its instances.
 *
 * @param name what it is called
 * @param generation 1, and one more each time that it is begun anew
 * @param created when, ISO-8601
 * @param topic where the events are
 * @param from where it begins, as it was said
 * @param to where it ends, as it was said
 * @param fromMillis events before this time are left out, milliseconds since the epoch, or null
 * @param toMillis events of this time and later are left out, likewise
 * @param oldestMillis time of the first event of the range, likewise, as far as that is known
 * @param ranges of all partitions
 * @param variant the variant that answers, or null for what each event asks for
 * @param models what answers, each as {@code variant=id@digest}
 * @param labels where labels go
 * @param deadLetters where events go that cannot be classified
 * @param selection which events
 * @param previousEnds where earlier results ended, by topic and partition in its order
 */
public record ReplayPlan(
    String name,
    int generation,
    String created,
    String topic,
    String from,
    String to,
    @Nullable Long fromMillis,
    @Nullable Long toMillis,
    @Nullable Long oldestMillis,
    List<PartitionRange> ranges,
    @Nullable String variant,
    List<String> models,
    String labels,
    String deadLetters,
    Selection selection,
    Map<String, List<Long>> previousEnds) {
  private static final String APPLICATION_PREFIX = "phistream-replay-";

  /** Copies the collections. */
  public ReplayPlan {
    ranges = List.copyOf(ranges);
    models = List.copyOf(models);
    previousEnds = Map.copyOf(previousEnds);
  }

  /** Names the consumer group, the transactions and the changelogs. */
  @JsonIgnore
  public String applicationId() {
    return APPLICATION_PREFIX + name + "-" + generation;
  }

  /** Offsets in all ranges, which is no less than the events in them. */
  @JsonIgnore
  public long offsets() {
    return ranges.stream().mapToLong(PartitionRange::offsets).sum();
  }

  /** The range of a partition, which is empty for one that the topic got since. */
  @JsonIgnore
  PartitionRange range(int partition) {
    return ranges.stream()
        .filter(range -> range.partition() == partition)
        .findFirst()
        .orElseGet(() -> new PartitionRange(partition, 0, 0));
  }

  /** What another does differently, as {@code option: this (that)}; bounds count as said. */
  List<String> differences(ReplayPlan other) {
    Map<String, List<@Nullable Object>> all = new LinkedHashMap<>();
    all.put("--topic", pair(topic, other.topic));
    all.put("--from", pair(from, other.from));
    all.put("--to", pair(to, other.to));
    all.put("--variant", pair(variant, other.variant));
    all.put("models", pair(models, other.models));
    all.put("--out", pair(labels, other.labels));
    all.put("--dead-letters", pair(deadLetters, other.deadLetters));
    all.put("filters", pair(selection, other.selection));
    return all.entrySet().stream()
        .filter(entry -> !Objects.equals(entry.getValue().get(0), entry.getValue().get(1)))
        .map(
            entry ->
                "%s %s, not %s"
                    .formatted(entry.getKey(), entry.getValue().get(0), entry.getValue().get(1)))
        .toList();
  }

  /** The same begun at another time and generation. */
  ReplayPlan inGeneration(int another) {
    return new ReplayPlan(
        name,
        another,
        created,
        topic,
        from,
        to,
        fromMillis,
        toMillis,
        oldestMillis,
        ranges,
        variant,
        models,
        labels,
        deadLetters,
        selection,
        previousEnds);
  }

  /** Says in the headers of an outcome which replay made it. */
  void mark(Headers headers) {
    headers
        .remove(HeaderNames.REPLAY)
        .add(HeaderNames.REPLAY, applicationId().getBytes(StandardCharsets.UTF_8));
  }

  @JsonIgnore
  Instant createdAt() {
    return Instant.parse(created);
  }

  private static List<@Nullable Object> pair(@Nullable Object one, @Nullable Object other) {
    return Arrays.asList(one, other);
  }
}
