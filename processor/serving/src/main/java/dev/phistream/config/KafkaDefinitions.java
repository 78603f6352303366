package dev.phistream.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;

/** What Kafka says of the names and values of its own settings. */
final class KafkaDefinitions {
  /** Begin names that plug-ins read, which Kafka does not know. */
  private static final List<String> OPEN = List.of("config.providers.", "metrics.context.");

  private KafkaDefinitions() {}

  /** Returns whether a name, with or without prefix, is known to one of its clients. */
  static boolean isKnown(String name) {
    return OPEN.stream().anyMatch(name::startsWith) || keys(name).findAny().isPresent();
  }

  /** Returns whether values of a name must not be shown. */
  static boolean isSecret(String name) {
    return Secrets.isSecret(name)
        || keys(name).anyMatch(key -> key.type == ConfigDef.Type.PASSWORD);
  }

  /** Returns the known name that is nearest to an unknown one. */
  static Optional<String> nearest(String name) {
    KafkaClient client = KafkaClient.of(name);
    Set<String> known = new TreeSet<>();
    definitions(client).forEach(def -> def.names().forEach(n -> known.add(client.prefix() + n)));
    return NearestName.of(name, known);
  }

  /**
   * Returns what Kafka has against a value.
   *
   * @return empty if it accepts it
   */
  static Optional<String> objection(String name, String value) {
    return keys(name).flatMap(key -> objection(key, value).stream()).findFirst();
  }

  private static Optional<String> objection(ConfigDef.ConfigKey key, String value) {
    try {
      Object parsed = ConfigDef.parseType(key.name, value, key.type);
      if (key.validator != null) {
        key.validator.ensureValid(key.name, parsed);
      }
      return Optional.empty();
    } catch (org.apache.kafka.common.config.ConfigException e) {
      return Optional.of(reason(key, String.valueOf(e.getMessage())));
    }
  }

  /** Without the name and the value, which stand before it in our own message. */
  private static String reason(ConfigDef.ConfigKey key, String message) {
    String marker = "for configuration " + key.name;
    int at = message.indexOf(marker);
    String reason = at < 0 ? message : message.substring(at + marker.length());
    reason = reason.replaceFirst("^:\\s*", "").strip();
    return reason.isEmpty()
        ? "a value of type " + key.type.name().toLowerCase(Locale.ROOT)
        : reason;
  }

  /** Returns the name of a variable's rest, such as {@code SECURITY_PROTOCOL}. */
  static String name(String shape) {
    List<String> known = new ArrayList<>();
    for (KafkaClient client : KafkaClient.values()) {
      for (ConfigDef definitions : definitions(client)) {
        definitions.names().forEach(name -> known.add(client.prefix() + name));
      }
    }
    return known.stream()
        .filter(name -> EnvironmentVariables.shape(name).equals(shape))
        .findFirst()
        .orElseGet(() -> shape.toLowerCase(Locale.ROOT).replace('_', '.'));
  }

  private static Stream<ConfigDef.ConfigKey> keys(String name) {
    KafkaClient client = KafkaClient.of(name);
    String plain = name.substring(client.prefix().length());
    return definitions(client).stream()
        .flatMap(definitions -> Stream.ofNullable(definitions.configKeys().get(plain)));
  }

  /** Names without a prefix are for all clients. */
  private static List<ConfigDef> definitions(KafkaClient client) {
    return client != KafkaClient.STREAMS
        ? List.of(client.definitions())
        : Stream.of(
                KafkaClient.STREAMS, KafkaClient.CONSUMER, KafkaClient.PRODUCER, KafkaClient.ADMIN)
            .map(KafkaClient::definitions)
            .toList();
  }
}
