package dev.phistream.faults;

import dev.phistream.broker.BrokerException;
import dev.phistream.broker.EmbeddedBroker;
import java.nio.file.Path;

/** The embedded broker on a directory that outlives it. */
final class EmbeddedFaultyBroker implements FaultyBroker {
  private final EmbeddedBroker.Options options;
  private EmbeddedBroker broker;

  EmbeddedFaultyBroker(Path data) throws BrokerException {
    EmbeddedBroker.Options anyPort = EmbeddedBroker.Options.temporary().withDataDirectory(data);
    this.broker = EmbeddedBroker.start(anyPort);
    this.options = anyPort.withPort(broker.port());
  }

  @Override
  public String bootstrap() {
    return "localhost:" + options.port();
  }

  @Override
  public String description() {
    return "the embedded broker";
  }

  @Override
  public void restart() {
    broker.close();
    try {
      broker = EmbeddedBroker.start(options);
    } catch (BrokerException e) {
      throw new AssertionError("the broker does not start again", e);
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
