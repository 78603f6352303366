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
 * Testcontainers' broker on a port that stays the same. Its process is stopped and started again
 * within the container.
 */
final class ContainerFaultyBroker implements FaultyBroker {
  private static final int CLIENT_PORT = 9092;
  private static final Duration COMES_BACK = Duration.ofSeconds(60);

  /**
   * Images format the storage when they start, and some do not start on a formatted one. So only
   * the first start is the image's, by the script that Testcontainers writes; the next ones are the
   * broker alone, with the same configuration.
   */
  private static final String RUN =
      """
      while [ ! -f /tmp/testcontainers_start.sh ]; do sleep 0.1; done
      /tmp/testcontainers_start.sh
      while :; do
        java ${KAFKA_HEAP_OPTS:--Xmx512m} -cp '/opt/kafka/libs/*' \\
          -Dlog4j2.configurationFile=/opt/kafka/config/log4j2.yaml \\
          kafka.Kafka /opt/kafka/config/server.properties
      done
      """;

  /** Tells the broker to stop, and waits until it has. */
  private static final String STOP =
      """
      for process in /proc/[0-9]*; do
        if [ "$(cat $process/comm)" = java ]; then
          kill -TERM ${process#/proc/}
          while [ -d $process ]; do sleep 0.1; done
        fi
      done
      """;

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
    try {
      var unused = container.execInContainer("sh", "-c", STOP);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
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
    kafka.setCommandParts(new String[] {"sh", "-c", RUN});
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
