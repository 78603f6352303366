package dev.phistream.routing;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tier means.
 *
 * @param variants the variants that may answer the tier's events, the wanted one first, at least
 *     one
 * @param maxDelay how long an event may wait for its micro-batch to fill, from its arrival
 * @param objective time from arrival to answer that is wanted, or null for the highest throughput
 * @param shed whether events become dead letters that no variant would answer within the objective
 * @param cascade who may answer in place of the tier's variant, or null
 */
public record TierPolicy(
    List<String> variants,
    Duration maxDelay,
    @Nullable Duration objective,
    boolean shed,
    @Nullable CascadePolicy cascade) {
  /** Checks the values. */
  public TierPolicy {
    variants = List.copyOf(variants);
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("variants: none (expected: at least one)");
    }
    if (new HashSet<>(variants).size() < variants.size()) {
      throw new IllegalArgumentException(
          "variants: %s (expected: each once)".formatted(String.join(", ", variants)));
    }
    if (maxDelay.isNegative()) {
      throw new IllegalArgumentException("maxDelay: " + maxDelay + " (expected: >= 0)");
    }
    if (objective != null && (objective.isNegative() || objective.isZero())) {
      throw new IllegalArgumentException("objective: " + objective + " (expected: > 0)");
    }
    if (shed && objective == null) {
      throw new IllegalArgumentException(
          "shed: true without an objective (expected: one, for what would miss it is shed)");
    }
  }

  /** A policy of one variant without an objective. */
  public TierPolicy(String variant, Duration maxDelay) {
    this(List.of(variant), maxDelay, null);
  }

  /** A policy that sheds nothing. */
  public TierPolicy(List<String> variants, Duration maxDelay, @Nullable Duration objective) {
    this(variants, maxDelay, objective, false, null);
  }

  /** The same, but sheds nothing and has no cascade. */
  public TierPolicy plain() {
    return new TierPolicy(variants, maxDelay, objective);
  }

  /** The variant that answers unless something speaks against it. */
  public String variant() {
    return variants.get(0);
  }
}
