package dev.phistream.client;

import dev.phistream.event.Tier;
import org.jspecify.annotations.Nullable;

/**
 * What a sender wants for its images.
 *
 * @param tier what they value
 * @param variant the variant that shall answer, or null
 * @param budgetMillis time within which the label is wanted, or null
 * @param topK labels wanted, or null for what the processor is configured for
 */
public record RequestOptions(
    Tier tier, @Nullable String variant, @Nullable Integer budgetMillis, @Nullable Integer topK) {
  /** Leaves all to the processor. */
  public static final RequestOptions NONE = new RequestOptions(Tier.DEFAULT, null, null, null);

  /** Checks the numbers. */
  public RequestOptions {
    check("budget-ms", budgetMillis);
    check("top-k", topK);
  }

  /** A tier and nothing else. */
  public static RequestOptions tier(Tier tier) {
    return new RequestOptions(tier, null, null, null);
  }

  private static void check(String name, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new IllegalArgumentException("%s: %d (expected: >= 1)".formatted(name, value));
    }
  }
}
