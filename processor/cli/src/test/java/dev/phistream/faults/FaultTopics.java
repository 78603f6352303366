package dev.phistream.faults;

import dev.phistream.event.Tier;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The topics of a run. */
record FaultTopics(String name) {
  /** All tiers that have labels. */
  static final List<Tier> TIERS = List.of(Tier.LATENCY, Tier.BALANCED, Tier.ACCURACY);

  String input() {
    return name + "-images";
  }

  String deadLetters() {
    return name + "-dead-letters";
  }

  /** The template, as the processor's setting. */
  String labels() {
    return name + "-labels.{tier}";
  }

  List<String> outputs() {
    return Stream.concat(
            TIERS.stream()
                .map(tier -> labels().replace("{tier}", tier.name().toLowerCase(Locale.ROOT))),
            Stream.of(deadLetters()))
        .toList();
  }

  List<String> all() {
    return Stream.concat(Stream.of(input()), outputs().stream()).toList();
  }
}
