package dev.phistream.config;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;

/** What settings of Kafka are for; the prefix of a name says it, as in Kafka Streams. */
public enum KafkaClient {
  /** Kafka Streams itself. */
  STREAMS("", StreamsConfig.configDef()),
  /** All consumers. */
  CONSUMER("consumer.", ConsumerConfig.configDef()),
  /** The consumer that reads the input. */
  MAIN_CONSUMER("main.consumer.", ConsumerConfig.configDef()),
  /** The consumer that reads the changelog. */
  RESTORE_CONSUMER("restore.consumer.", ConsumerConfig.configDef()),
  /** The consumer of global stores, of which there are none. */
  GLOBAL_CONSUMER("global.consumer.", ConsumerConfig.configDef()),
  /** All producers. */
  PRODUCER("producer.", ProducerConfig.configDef()),
  /** All admin clients. */
  ADMIN("admin.", AdminClientConfig.configDef()),
  /** The changelog topics that Kafka Streams creates. */
  TOPIC("topic.", TopicDefinitions.configDef());

  private final String prefix;

  @SuppressWarnings("ImmutableEnumChecker") // read only
  private final ConfigDef definitions;

  KafkaClient(String prefix, ConfigDef definitions) {
    this.prefix = prefix;
    this.definitions = definitions;
  }

  /** Returns what names begin with that are for this client alone; empty for Kafka Streams. */
  public String prefix() {
    return prefix;
  }

  ConfigDef definitions() {
    return definitions;
  }

  /** Returns the prefixes of names that reach this client, the weakest first. */
  List<String> prefixes() {
    List<String> prefixes = new ArrayList<>();
    if (this != TOPIC) {
      prefixes.add("");
    }
    if (this == MAIN_CONSUMER || this == RESTORE_CONSUMER || this == GLOBAL_CONSUMER) {
      prefixes.add(CONSUMER.prefix);
    }
    if (this != STREAMS) {
      prefixes.add(prefix);
    }
    return prefixes;
  }

  /** Returns what a name is for; Kafka Streams if it has no prefix. */
  static KafkaClient of(String name) {
    for (KafkaClient client : values()) {
      if (client != STREAMS && name.startsWith(client.prefix)) {
        return client;
      }
    }
    return STREAMS;
  }
}
