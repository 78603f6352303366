package dev.phistream.faults;

import dev.phistream.broker.BrokerException;
import java.nio.file.Path;
import java.util.Locale;
import org.testcontainers.DockerClientFactory;

/** The broker that the system property {@code phistream.test.broker} names, as for other tests. */
final class FaultyBrokers {
  private FaultyBrokers() {}

  /** Starts one and says on stdout which one it is. */
  static FaultyBroker start(Path data) throws BrokerException {
    FaultyBroker broker =
        isDocker() ? ContainerFaultyBroker.start() : new EmbeddedFaultyBroker(data);
    System.out.println("Faults use " + broker.description());
    return broker;
  }

  private static boolean isDocker() {
    String choice = System.getProperty("phistream.test.broker", "auto").toLowerCase(Locale.ROOT);
    return choice.equals("docker")
        || (choice.equals("auto") && DockerClientFactory.instance().isDockerAvailable());
  }
}
