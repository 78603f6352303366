package dev.phistream.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a measured process answers.
 *
 * @param values the measured rate, or times in ms
 * @param cpu what a subject that stopped used
 * @param firstTakenMillis when a peer took its first event, ms since 1970; 0 for others
 * @param memory a sample, if one was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StreamReply(
    List<Double> values,
    @Nullable CpuUse cpu,
    long firstTakenMillis,
    @Nullable MemorySample memory) {
  static StreamReply done() {
    return values(List.of());
  }

  static StreamReply values(List<Double> values) {
    return new StreamReply(values, null, 0, null);
  }

  static StreamReply memory(MemorySample sample) {
    return new StreamReply(List.of(), null, 0, sample);
  }
}
