package dev.phistream.runtime;

import dev.phistream.kafka.ClusterException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The versions of Kafka's libraries on the class path. An application that embeds the processor can
 * bring other ones, through a framework's bill of materials; with those a processor starts, says
 * that it runs, and answers nothing.
 *
 * @param clients of kafka-clients, or null if it is not known
 * @param streams of kafka-streams, or null if it is not known
 */
record KafkaVersions(@Nullable String clients, @Nullable String streams) {
  /** The oldest line that has what the ledger needs: stores that keep headers (KIP-1271). */
  static final String NEEDED = "4.4";

  static KafkaVersions onClassPath() {
    return new KafkaVersions(
        version("/kafka/kafka-version.properties"),
        version("/kafka/kafka-streams-version.properties"));
  }

  /**
   * Checks that both libraries are of one version, and not older than the processor needs.
   *
   * @throws ClusterException naming what is there and what is needed
   */
  void check() throws ClusterException {
    if (clients == null || streams == null || !clients.equals(streams) || isOlder(clients)) {
      throw new ClusterException(
          "Kafka's libraries: kafka-clients %s and kafka-streams %s (expected: one version, %s or later; a framework's dependency management may bring others: set its kafka.version)"
              .formatted(named(clients), named(streams), NEEDED));
    }
  }

  private static boolean isOlder(String version) {
    int[] found = numbers(version);
    int[] needed = numbers(NEEDED);
    return found[0] < needed[0] || (found[0] == needed[0] && found[1] < needed[1]);
  }

  private static int[] numbers(String version) {
    String[] parts = version.split("[.-]", 3);
    try {
      return new int[] {
        Integer.parseInt(parts[0]), parts.length < 2 ? 0 : Integer.parseInt(parts[1])
      };
    } catch (NumberFormatException e) {
      return new int[] {0, 0};
    }
  }

  private static String named(@Nullable String version) {
    return version == null ? "of an unknown version" : version;
  }

  private static @Nullable String version(String resource) {
    try (InputStream in = KafkaVersions.class.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      return null;
    }
  }
}
