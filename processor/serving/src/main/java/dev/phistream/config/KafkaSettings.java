package dev.phistream.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which Kafka to talk to and how. Names may have the prefixes of Kafka Streams, which say which
 * clients they are for.
 *
 * @param bootstrap the brokers to ask first, {@code HOST:PORT}, with commas between
 * @param properties Kafka's own settings, by name without {@code kafka.}
 */
public record KafkaSettings(String bootstrap, Map<String, String> properties) {
  /** Copies the properties. */
  public KafkaSettings {
    properties = Map.copyOf(properties);
  }

  /** Returns settings with nothing but addresses. */
  public static KafkaSettings of(String bootstrap) {
    return new KafkaSettings(bootstrap, Map.of());
  }

  /**
   * Returns the properties of one client: those without a prefix that it knows or that nobody
   * knows, and over them those with its prefix.
   */
  public Map<String, String> of(KafkaClient client) {
    Map<String, String> reaching = new HashMap<>();
    for (String prefix : client.prefixes()) {
      new TreeMap<>(properties)
          .forEach(
              (name, value) -> {
                KafkaClient named = KafkaClient.of(name);
                if (!prefix.isEmpty() && name.startsWith(prefix)) {
                  reaching.put(name.substring(prefix.length()), value);
                } else if (prefix.isEmpty()
                    && named == KafkaClient.STREAMS
                    && (client.definitions().names().contains(name)
                        || !KafkaDefinitions.isKnown(name))) {
                  reaching.put(name, value);
                }
              });
    }
    reaching.put("bootstrap.servers", bootstrap);
    return reaching;
  }

  /** Returns the value that reaches a client; empty for Kafka's own default. */
  public Optional<String> value(KafkaClient client, String name) {
    return key(client, name).map(properties::get);
  }

  /** Returns whether the user has set what a name, with or without a prefix, sets. */
  public boolean overrules(String name) {
    KafkaClient client = KafkaClient.of(name);
    return key(client, name.substring(client.prefix().length())).isPresent();
  }

  /** Returns the name under which the value of a client was set, with its prefix. */
  public Optional<String> key(KafkaClient client, String name) {
    Optional<String> found = Optional.empty();
    for (String prefix : client.prefixes()) {
      if (properties.containsKey(prefix + name)) {
        found = Optional.of(prefix + name);
      }
    }
    return found;
  }
}
