package dev.phistream.testkit;

import dev.phistream.broker.BrokerException;
import dev.phistream.broker.EmbeddedBroker;
import java.util.Locale;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kafka for tests: Testcontainers' where a Docker engine answers, else the embedded broker. The
 * system property {@code phistream.test.broker} (docker, embedded or auto) forces one, {@code
 * phistream.test.kafka-image} names the image.
 *
 * @param bootstrap {@code HOST:PORT} for clients
 * @param description which one it is
 * @param stop ends it
 */
public record KafkaBackend(String bootstrap, String description, Runnable stop)
    implements AutoCloseable {
  private static final String CHOICE = "phistream.test.broker";
  private static final String IMAGE = "phistream.test.kafka-image";
  private static final String OFFICIAL_IMAGE = "apache/kafka";

  /** Starts one and says on stdout which one it is. */
  public static KafkaBackend start() throws BrokerException {
    String choice = System.getProperty(CHOICE, "auto").toLowerCase(Locale.ROOT);
    KafkaBackend backend =
        switch (choice) {
          case "docker" -> container();
          case "embedded" -> embedded("as told by " + CHOICE);
          case "auto" -> containerOrEmbedded();
          default ->
              throw new IllegalArgumentException(
                  "%s: %s (expected: docker, embedded or auto)".formatted(CHOICE, choice));
        };
    System.out.println("Integration tests use " + backend.description());
    return backend;
  }

  @Override
  public void close() {
    stop.run();
  }

  private static KafkaBackend containerOrEmbedded() throws BrokerException {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return embedded("no Docker engine answers");
    }
    try {
      return container();
    } catch (RuntimeException e) { // an engine that cannot get the image is as good as none
      return embedded("Docker cannot start " + image() + ": " + e.getMessage());
    }
  }

  private static KafkaBackend embedded(String why) throws BrokerException {
    EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Options.temporary());
    return new KafkaBackend(broker.bootstrap(), "the embedded broker (" + why + ")", broker::close);
  }

  private static KafkaBackend container() {
    KafkaContainer kafka = newContainer();
    boolean started = false;
    try {
      kafka.start();
      started = true;
      return new KafkaBackend(
          kafka.getBootstrapServers(), "Testcontainers with " + image(), kafka::close);
    } finally {
      if (!started) {
        kafka.close();
      }
    }
  }

  /** A container with the embedded broker's settings, so that tests mean the same on both. */
  public static KafkaContainer newContainer() {
    return new KafkaContainer(
            DockerImageName.parse(image()).asCompatibleSubstituteFor(OFFICIAL_IMAGE))
        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
        .withEnv("KAFKA_MESSAGE_MAX_BYTES", String.valueOf(32 * 1024 * 1024))
        .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4")
        .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4")
        .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000")
        .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000");
  }

  private static String image() {
    return System.getProperty(IMAGE, OFFICIAL_IMAGE + ":4.4.0");
  }
}
