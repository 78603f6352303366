package dev.phistream.planning;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a tier's events met on one instance.
 *
 * @param tier its name
 * @param variant that is wanted for them
 * @param events that were counted
 * @param p50Millis half were answered so soon after they came onto the topic
 * @param p99Millis 99 of a hundred
 * @param stages what their time went into
 * @param objectiveMillis within what time answers are wanted, or null
 * @param degraded share that a smaller variant answered
 * @param shed share that became dead letters
 * @param keepsUp whether no backlog was growing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TierOutcome(
    String tier,
    String variant,
    long events,
    double p50Millis,
    double p99Millis,
    TierStages stages,
    @Nullable Double objectiveMillis,
    double degraded,
    double shed,
    boolean keepsUp) {
  /** Whether it keeps up, and answers in time if that is wanted. */
  @JsonProperty
  public boolean met() {
    return keepsUp && (objectiveMillis == null || p99Millis <= objectiveMillis);
  }
}
