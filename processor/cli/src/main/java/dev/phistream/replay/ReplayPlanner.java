package dev.phistream.replay;

import dev.phistream.config.Settings;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.runtime.Serving;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/** Makes a plan of a request: fixes the range, the models and the names. */
final class ReplayPlanner {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,80}");
  private static final int NAME_DIGITS = 12;

  private final ReplayRequest request;
  private final Settings config;
  private final KafkaConnection kafka;
  private final Clock clock;

  /**
   * Creates a planner.
   *
   * @param config the live processor's configuration
   */
  ReplayPlanner(ReplayRequest request, Settings config, KafkaConnection kafka, Clock clock) {
    this.request = request;
    this.config = config;
    this.kafka = kafka;
    this.clock = clock;
  }

  /** The name that finds the replay again: given, or a hash of topic, range and output. */
  String name() throws ReplayException {
    String given = request.name();
    if (given == null) {
      String what =
          String.join("\n", request.topic(), request.from(), request.to(), request.labels());
      return DigestUtils.sha256Hex(what).substring(0, NAME_DIGITS);
    }
    if (!NAME.matcher(given).matches()) {
      throw new ReplayException(
          "--name: %s (expected: 1 to 80 of letters, digits, '.', '_' and '-')".formatted(given));
    }
    return given;
  }

  /**
   * Plans.
   *
   * @throws ReplayException when the request cannot be
   * @throws ClusterException when Kafka does not answer or a topic is missing
   * @throws ModelException when a model is missing
   */
  ReplayPlan plan() throws ReplayException, ClusterException, ModelException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Bound from = bound("--from", request.from(), now);
    Bound to = bound("--to", request.to(), now);
    Long fromMillis = millis(from);
    Long toMillis = millis(to);
    kafka.requireTopic(request.topic());
    if (fromMillis != null && toMillis != null && fromMillis >= toMillis) {
      throw new ReplayException(
          "--from: %s, --to: %s (expected: the first before the second)"
              .formatted(request.from(), request.to()));
    }
    checkOutput();
    return new ReplayPlan(
        name(),
        1,
        now.toString(),
        request.topic(),
        request.from(),
        request.to(),
        fromMillis,
        toMillis,
        Ranges.oldestMillis(kafka, request.topic(), from),
        Ranges.find(kafka, request.topic(), from, to),
        request.variant(),
        models().entrySet().stream().map(ReplayPlanner::describe).sorted().toList(),
        request.labels(),
        deadLetters(),
        request.selection(),
        previousEnds());
  }

  /** The models that are served, by the names that the configuration gives them. */
  Map<String, ModelCard> models() throws ReplayException, ModelException {
    Map<String, ModelCard> all = Serving.cards(config);
    String variant = request.variant();
    if (variant == null) {
      return all;
    }
    Map<String, ModelCard> chosen =
        all.entrySet().stream()
            .filter(entry -> entry.getValue().variant().equals(variant))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    if (chosen.isEmpty()) {
      throw new ReplayException(
          "--variant: %s (expected: one of %s); name its model with --set models=ID"
              .formatted(
                  variant,
                  all.values().stream().map(ModelCard::variant).collect(Collectors.joining(", "))));
    }
    return chosen;
  }

  private String deadLetters() {
    String given = request.deadLetters();
    return given == null ? ReplayTopics.deadLetters(request.labels()) : given;
  }

  private void checkOutput() throws ReplayException {
    for (String output : List.of(request.labels(), deadLetters())) {
      if (output.equals(request.topic())) {
        throw new ReplayException(
            "--out: %s (expected: another topic than the one that is replayed)".formatted(output));
      }
      if (output.equals(config.topics().labels())) {
        throw new ReplayException(
            "--out: %s (expected: another topic than the live labels')".formatted(output));
      }
    }
  }

  private Map<String, List<Long>> previousEnds() throws ClusterException {
    Selection.Previous previous = request.selection().previous();
    return previous == null ? Map.of() : PreviousResults.ends(kafka, previous.topics());
  }

  private static Bound bound(String name, String text, Instant now) throws ReplayException {
    try {
      return Bound.parse(name, text, now);
    } catch (IllegalArgumentException e) {
      throw new ReplayException(String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable Long millis(Bound bound) {
    return bound instanceof Bound.At at ? at.time().toEpochMilli() : null;
  }

  private static String describe(Map.Entry<String, ModelCard> model) {
    ModelCard card = model.getValue();
    return "%s=%s@%s".formatted(card.variant(), card.id(), card.weightsDigest());
  }
}
