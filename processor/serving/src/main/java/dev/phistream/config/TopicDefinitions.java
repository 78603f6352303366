package dev.phistream.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;
import static org.apache.kafka.common.config.ConfigDef.ValidString.in;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What settings of topics may be. Kafka's own definitions come with the broker, which is not on the
 * class path of a client; its constants are, and a test compares the rest with the broker's.
 */
final class TopicDefinitions {
  private static final Set<String> FLAGS =
      Set.of(
          TopicConfig.PREALLOCATE_CONFIG,
          TopicConfig.REMOTE_LOG_STORAGE_ENABLE_CONFIG,
          TopicConfig.REMOTE_LOG_COPY_DISABLE_CONFIG,
          TopicConfig.REMOTE_LOG_DELETE_ON_DISABLE_CONFIG,
          TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
          "errors.deadletterqueue.group.enable",
          "message.downconversion.enable");

  private static final Map<String, List<String>> WORDS =
      Map.of(
          TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
          List.of("CreateTime", "LogAppendTime"),
          TopicConfig.COMPRESSION_TYPE_CONFIG,
          List.of("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"));

  private static final Set<String> WHOLE_NUMBERS =
      Set.of(
          TopicConfig.SEGMENT_BYTES_CONFIG,
          TopicConfig.SEGMENT_INDEX_BYTES_CONFIG,
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
          "max.decompressed.message.bytes",
          TopicConfig.INDEX_INTERVAL_BYTES_CONFIG,
          TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
          TopicConfig.COMPRESSION_GZIP_LEVEL_CONFIG,
          TopicConfig.COMPRESSION_LZ4_LEVEL_CONFIG,
          TopicConfig.COMPRESSION_ZSTD_LEVEL_CONFIG);

  private TopicDefinitions() {}

  static ConfigDef configDef() {
    ConfigDef definitions = new ConfigDef();
    for (String name : names()) {
      List<String> words = WORDS.get(name);
      if (words != null) {
        definitions.define(
            name, STRING, words.get(0), in(words.toArray(String[]::new)), MEDIUM, "");
      } else if (FLAGS.contains(name)) {
        definitions.define(name, BOOLEAN, false, MEDIUM, "");
      } else if (name.equals(TopicConfig.CLEANUP_POLICY_CONFIG)) {
        definitions.define(
            name, LIST, "delete", ConfigDef.ValidList.in("compact", "delete"), MEDIUM, "");
      } else if (name.equals(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG)) {
        definitions.define(name, DOUBLE, 0.5, between(0, 1), MEDIUM, "");
      } else {
        definitions.define(name, WHOLE_NUMBERS.contains(name) ? INT : LONG, 1, MEDIUM, "");
      }
    }
    return definitions;
  }

  private static Iterable<String> names() {
    Map<String, String> names = new TreeMap<>();
    for (Field field : TopicConfig.class.getFields()) {
      if (field.getName().endsWith("_CONFIG")) {
        try {
          names.put(field.getName(), String.valueOf(field.get(null)));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException("a public constant of Kafka is not readable", e);
        }
      }
    }
    return names.values();
  }
}
