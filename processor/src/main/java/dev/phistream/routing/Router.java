package dev.phistream.routing;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the variant that answers an event: an explicit variant, else the most accurate one that
 * fits the event's latency budget, else the tier's. Thread-safe as far as its estimates are.
 */
public final class Router {
  private final List<String> variants;
  private final Map<Tier, TierPolicy> tiers;
  private final Tier defaultTier;
  private final LatencyEstimates estimates;

  /**
   * Creates a router.
   *
   * @param variants the served variants, fastest first, at least one
   * @param tiers a policy for each of LATENCY, BALANCED and ACCURACY
   * @param defaultTier what {@link Tier#DEFAULT} stands for
   * @throws IllegalArgumentException when a tier has no policy or names a variant not served
   */
  public Router(
      List<String> variants,
      Map<Tier, TierPolicy> tiers,
      Tier defaultTier,
      LatencyEstimates estimates) {
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("variants: none (expected: at least one)");
    }
    if (defaultTier == Tier.DEFAULT) {
      throw new IllegalArgumentException(
          "default tier: DEFAULT (expected: LATENCY, BALANCED or ACCURACY)");
    }
    for (Tier tier : Tier.values()) {
      TierPolicy policy = tiers.get(tier);
      if (tier != Tier.DEFAULT && policy == null) {
        throw new IllegalArgumentException("tier " + tier + ": no policy (expected: one)");
      }
      if (policy != null) {
        policy.variants().forEach(variant -> checkServed(tier, variant, variants));
      }
    }
    this.variants = List.copyOf(variants);
    this.tiers = new EnumMap<>(tiers);
    this.defaultTier = defaultTier;
    this.estimates = estimates;
  }

  private static void checkServed(Tier tier, String variant, List<String> served) {
    if (!served.contains(variant)) {
      throw new IllegalArgumentException(
          "tier %s: variant %s is not served (expected: one of %s)"
              .formatted(tier, variant, String.join(", ", served)));
    }
  }

  /** The tier that {@code requested} stands for. */
  public Tier resolve(Tier requested) {
    return requested == Tier.DEFAULT ? defaultTier : requested;
  }

  /**
   * Decides.
   *
   * @param variant the explicit variant, or null
   * @param budget time within which the answer is wanted, or null for the tier's objective
   * @throws UnknownVariantException when the explicit variant is not served
   */
  public Route route(Tier requested, @Nullable String variant, @Nullable Duration budget)
      throws UnknownVariantException {
    Tier tier = resolve(requested);
    TierPolicy policy = tiers.get(tier);
    if (policy == null) {
      throw new IllegalStateException("tier " + tier + " has no policy");
    }
    if (variant != null) {
      if (!variants.contains(variant)) {
        throw new UnknownVariantException(variant, variants);
      }
      return plain(tier, policy, variant, budget == null ? policy.objective() : budget);
    }
    if (budget != null) {
      return withinBudget(tier, policy, budget);
    }
    return plain(tier, policy, policy.variant(), policy.objective());
  }

  private Route plain(Tier tier, TierPolicy policy, String variant, @Nullable Duration objective) {
    Prediction predicted = estimates.predict(variant, objective);
    return new Route(tier, variant, policy.maxDelay(), objective, predicted, null);
  }

  private Route withinBudget(Tier tier, TierPolicy policy, Duration budget) {
    for (int i = variants.size() - 1; i >= 0; i--) {
      Prediction predicted = estimates.predict(variants.get(i), budget);
      Duration slack = budget.minus(predicted.total());
      if (!slack.isNegative()) {
        Duration maxDelay = slack.compareTo(policy.maxDelay()) < 0 ? slack : policy.maxDelay();
        return new Route(tier, variants.get(i), maxDelay, budget, predicted, null);
      }
    }
    String fastest = variants.get(0);
    Prediction predicted = estimates.predict(fastest, budget);
    String text =
        "latency budget of %d ms: no variant fits, %s would take %d ms"
            .formatted(budget.toMillis(), fastest, predicted.total().toMillis());
    return new Route(
        tier, fastest, Duration.ZERO, budget, predicted, new Degraded(Degraded.Cause.BUDGET, text));
  }
}
