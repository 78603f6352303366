package dev.phistream.replay;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;

/** What a journal says about a replay, one record each. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JournalRecord.Planned.class, name = "planned"),
  @JsonSubTypes.Type(value = JournalRecord.PartitionDone.class, name = "partition-done")
})
sealed interface JournalRecord {
  /** It begins; of several with one generation the first counts. */
  record Planned(ReplayPlan plan) implements JournalRecord {}

  /**
   * All of a partition is classified and committed.
   *
   * @param generation of the plan
   * @param partition of the input topic
   * @param finished when, milliseconds since the epoch
   * @param counts what {@link Counts} counted
   */
  record PartitionDone(int generation, int partition, long finished, Map<String, Long> counts)
      implements JournalRecord {
    /** Copies the map. */
    public PartitionDone {
      counts = Map.copyOf(counts);
    }
  }

  /** As bytes. */
  default byte[] bytes() {
    try {
      return Format.JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(getClass() + " is no JSON", e);
    }
  }

  /**
   * Reads one.
   *
   * @throws IOException when it is none
   */
  static JournalRecord read(byte[] bytes) throws IOException {
    return Format.JSON.readValue(bytes, JournalRecord.class);
  }

  /** How they are written. */
  final class Format {
    /** Later versions may say more. */
    private static final ObjectMapper JSON =
        JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private Format() {}
  }
}
