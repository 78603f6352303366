package dev.phistream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

/** What we know of topics' settings against what Kafka's broker knows. */
class TopicDefinitionsTest {
  @Test
  void types_are_those_of_the_broker() {
    Map<String, ConfigDef.Type> ours = new TreeMap<>();
    Map<String, ConfigDef.Type> brokers = new TreeMap<>();
    TopicDefinitions.configDef()
        .configKeys()
        .forEach(
            (name, key) -> {
              Optional<ConfigDef.Type> type = LogConfig.configType(name);
              if (type.isPresent()) {
                ours.put(name, key.type);
                brokers.put(name, type.get());
              }
            });

    assertThat(ours).hasSizeGreaterThan(25).isEqualTo(brokers);
  }
}
