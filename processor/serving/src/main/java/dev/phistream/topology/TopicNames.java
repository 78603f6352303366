package dev.phistream.topology;

import dev.phistream.event.Tier;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The topics.
 *
 * @param input where events come from
 * @param labels where labels go: a template in which {@code {tier}} stands for the tier context
 *     for, lower case, and {@code {variant}} for the variant that answered
 * @param deadLetters where events go that cannot be classified
 * @param comparisons where comparisons of trials go
 * @param routed where a router sends events: a template as {@code labels} is
 */
public record TopicNames(
    String input, String labels, String deadLetters, String comparisons, String routed) {
  // Before DEFAULTS, whose constructor needs it.
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  /** The names that are used unless configured otherwise. */
  public static final TopicNames DEFAULTS =
      new TopicNames(
          "images",
          "labels.{tier}",
          "images.dead-letters",
          "labels.comparison",
          "images.routed.{variant}");

  /** Checks the names. */
  public TopicNames {
    check("topics.input", input, input);
    check("topics.labels", labels, expand(labels, Tier.LATENCY, "variant"));
    check("topics.dead-letters", deadLetters, deadLetters);
    check("topics.comparisons", comparisons, comparisons);
    check("topics.routed", routed, expand(routed, Tier.LATENCY, "variant"));
    if (!routed.contains("{variant}")) {
      throw new IllegalArgumentException(
          "topics.routed: %s (expected: a name with {variant} in it)".formatted(routed));
    }
  }

  /** The topic for the labels of an event. */
  public String labels(Tier tier, String variant) {
    return expand(labels, tier, variant);
  }

  /** The topic in which a router puts the events of a variant. */
  public String routed(String variant) {
    return routed.replace("{variant}", variant);
  }

  /** The same, with what a router sends to a variant as the input. */
  public TopicNames of(String variant) {
    return new TopicNames(routed(variant), labels, deadLetters, comparisons, routed);
  }

  /** Every topic that outcomes may go to. */
  public Set<String> outputs(Collection<String> variants) {
    Set<String> all = new LinkedHashSet<>();
    all.add(deadLetters);
    for (Tier tier : Tier.values()) {
      if (tier != Tier.DEFAULT) {
        variants.forEach(variant -> all.add(labels(tier, variant)));
      }
    }
    return all;
  }

  private static void check(String setting, String value, String topic) {
    if (!LEGAL.matcher(topic).matches()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: 1 to 249 of letters, digits, '.', '_' and '-')"
              .formatted(setting, value));
    }
  }

  private static String expand(String template, Tier tier, String variant) {
    return template
        .replace("{tier}", tier.name().toLowerCase(Locale.ROOT))
        .replace("{variant}", variant);
  }
}
