package dev.phistream.planning;

import dev.phistream.event.Tier;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which part of the events asks for which tier.
 *
 * @param shares above 0, together 1; tiers without events are absent
 */
public record TierMix(Map<Tier, Double> shares) {
  private static final String EXPECTED =
      "(expected: shares of latency, balanced and accuracy, such as latency=70,accuracy=30)";

  /** Makes the shares add up to 1. */
  public TierMix {
    double sum = shares.values().stream().mapToDouble(share -> share).sum();
    if (shares.isEmpty()
        || !(sum > 0 && sum < Double.POSITIVE_INFINITY)
        || shares.values().stream().anyMatch(share -> !(share > 0))
        || shares.containsKey(Tier.DEFAULT)) {
      throw new IllegalArgumentException("mix: %s %s".formatted(shares, EXPECTED));
    }
    Map<Tier, Double> parts = new EnumMap<>(Tier.class);
    shares.forEach((tier, share) -> parts.put(tier, share / sum));
    shares = Collections.unmodifiableMap(parts);
  }

  /**
   * Reads {@code latency=70,accuracy=30}; the shares are in any unit.
   *
   * @throws IllegalArgumentException for other texts
   */
  public static TierMix parse(String text) {
    Map<Tier, Double> shares = new EnumMap<>(Tier.class);
    for (String part : text.split(",", -1)) {
      String[] sides = part.split("=", -1);
      if (sides.length != 2) {
        throw new IllegalArgumentException("mix: %s %s".formatted(text, EXPECTED));
      }
      Tier tier = tier(sides[0].strip(), text);
      if (shares.put(tier, share(sides[1].strip(), text)) != null) {
        throw new IllegalArgumentException(
            "mix: %s: %s twice %s".formatted(text, sides[0].strip(), EXPECTED));
      }
    }
    shares.values().removeIf(share -> share == 0);
    if (shares.isEmpty()) {
      throw new IllegalArgumentException("mix: %s: all shares are 0 %s".formatted(text, EXPECTED));
    }
    return new TierMix(shares);
  }

  /**
   * The tier at a place among all, for drawing by chance.
   *
   * @param place 0 to 1, without 1
   */
  public Tier at(double place) {
    double left = place;
    Tier last = Tier.DEFAULT;
    for (Map.Entry<Tier, Double> share : shares.entrySet()) {
      last = share.getKey();
      left -= share.getValue();
      if (left < 0) {
        break;
      }
    }
    return last;
  }

  private static Tier tier(String name, String text) {
    for (Tier tier : Tier.values()) {
      if (tier != Tier.DEFAULT && tier.name().toLowerCase(Locale.ROOT).equals(name)) {
        return tier;
      }
    }
    throw new IllegalArgumentException("mix: %s: no tier %s %s".formatted(text, name, EXPECTED));
  }

  private static double share(String number, String text) {
    try {
      double share = Double.parseDouble(number);
      if (share >= 0 && share < Double.POSITIVE_INFINITY) {
        return share;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "mix: %s: %s is no share %s".formatted(text, number, EXPECTED), e);
    }
    throw new IllegalArgumentException(
        "mix: %s: %s is no share %s".formatted(text, number, EXPECTED));
  }
}
