package dev.phistream.faults;

import dev.phistream.testkit.KafkaBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Testcontainers' broker on a port that stays the same; its container is stopped and started again.
 */
final class ContainerFaultyBroker implements FaultyBroker {
  private static final int CLIENT_PORT = 9092;
  private static final Duration COMES_BACK = Duration.ofSeconds(60);
  private static final int STOP_SECONDS = 20;

  /** Where Testcontainers puts the script that configures and starts the broker. */
  private static final String STARTER_SCRIPT = "/tmp/testcontainers_start.sh";

  /**
   * Images format the storage when they start, and some do not start on a formatted one. So the
   * container's second start is the broker alone, with the configuration of the first. Shells that
   * are a container's first process ignore signals, unless they are told what to do.
   */
  private static final String COMMAND =
      String.join(
          "\n",
          "trap 'kill -TERM -1' TERM",
          "if [ -f /tmp/formatted ]; then",
          "  exec java ${KAFKA_HEAP_OPTS:--Xmx512m} -cp '/opt/kafka/libs/*' -Dlog4j2.configurationFile=/opt/kafka/config/log4j2.yaml kafka.Kafka /opt/kafka/config/server.properties",
          "fi",
          "while [ ! -f " + STARTER_SCRIPT + " ]; do sleep 0.1; done",
          ": > /tmp/formatted",
          STARTER_SCRIPT + " &",
          "wait $!",
          "wait $!");

  private final KafkaContainer container;

  private ContainerFaultyBroker(KafkaContainer container) {
    this.container = container;
  }

  static ContainerFaultyBroker start() {
    KafkaContainer container = container();
    container.start();
    return new ContainerFaultyBroker(container);
  }

  @Override
  public String bootstrap() {
    return container.getBootstrapServers();
  }

  @Override
  public String description() {
    return "Testcontainers with " + container.getDockerImageName();
  }

  @Override
  public void restart() {
    container
        .getDockerClient()
        .restartContainerCmd(container.getContainerId())
        .withTimeout(STOP_SECONDS)
        .exec();
    long end = System.nanoTime() + COMES_BACK.toNanos();
    while (!answers()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("the broker does not come back: " + container.getLogs());
      }
      Fleet.pauseBriefly();
    }
  }

  @Override
  public void close() {
    container.close();
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
    KafkaContainer kafka = KafkaBackend.newContainer();
    kafka.setCommandParts(new String[] {"sh", "-c", COMMAND});
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
}
