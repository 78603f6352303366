package dev.phistream.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Testcontainers' broker on a port that stays the same. Its container is stopped and started again;
 * an image that formats its storage at every start does not come back from that, which is tried
 * once before a run.
 */
final class ContainerFaultyBroker implements FaultyBroker {
  private static final String OFFICIAL_IMAGE = "apache/kafka";
  private static final int CLIENT_PORT = 9092;
  private static final Duration COMES_BACK = Duration.ofSeconds(30);
  private static final int STOP_SECONDS = 20;

  private final KafkaContainer container;
  private final Optional<String> cannotRestart;

  private ContainerFaultyBroker(KafkaContainer container, Optional<String> cannotRestart) {
    this.container = container;
    this.cannotRestart = cannotRestart;
  }

  /** One that is not going to be restarted, so that nobody tries: that takes a minute. */
  static ContainerFaultyBroker startWithoutRestarts() {
    KafkaContainer only = container();
    only.start();
    return new ContainerFaultyBroker(only, Optional.of("not tried"));
  }

  static ContainerFaultyBroker start() {
    KafkaContainer first = container();
    first.start();
    boolean works = false;
    try {
      ContainerFaultyBroker broker = new ContainerFaultyBroker(first, Optional.empty());
      works = broker.tryRestart();
      if (works) {
        return broker;
      }
    } finally {
      if (!works) {
        first.close();
      }
    }
    KafkaContainer second = container();
    second.start();
    return new ContainerFaultyBroker(
        second,
        Optional.of(
            image() + " did not come back within " + COMES_BACK.toSeconds() + " s of a restart"));
  }

  @Override
  public String bootstrap() {
    return container.getBootstrapServers();
  }

  @Override
  public String description() {
    return "Testcontainers with " + image();
  }

  @Override
  public Optional<String> cannotRestart() {
    return cannotRestart;
  }

  @Override
  public void restart() {
    if (!tryRestart()) {
      throw new AssertionError("the broker does not come back: " + container.getLogs());
    }
  }

  @Override
  public void close() {
    container.close();
  }

  private boolean tryRestart() {
    container
        .getDockerClient()
        .restartContainerCmd(container.getContainerId())
        .withTimeout(STOP_SECONDS)
        .exec();
    long end = System.nanoTime() + COMES_BACK.toNanos();
    while (System.nanoTime() - end < 0) {
      if (answers()) {
        return true;
      }
      Fleet.pauseBriefly();
    }
    return false;
  }

  private boolean answers() {
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                bootstrap(),
                "request.timeout.ms",
                "2000",
                "default.api.timeout.ms",
                "3000"))) {
      admin.describeCluster().nodes().get(4, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static KafkaContainer container() {
    KafkaContainer kafka =
        new KafkaContainer(DockerImageName.parse(image()).asCompatibleSubstituteFor(OFFICIAL_IMAGE))
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_MESSAGE_MAX_BYTES", String.valueOf(32 * 1024 * 1024))
            .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4");
    kafka.setPortBindings(List.of(freePort() + ":" + CLIENT_PORT));
    return kafka;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String image() {
    return System.getProperty("phistream.test.kafka-image", OFFICIAL_IMAGE + ":4.4.0");
  }
}
