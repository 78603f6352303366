package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.broker.BrokerException;
import dev.phistream.broker.EmbeddedBroker;

/** Starts the embedded broker for a command. */
final class LocalBroker {
  private LocalBroker() {}

  /**
   * Starts a broker.
   *
   * @throws CommandException when it does not start; its message is the broker's
   */
  static EmbeddedBroker start(EmbeddedBroker.Options options) throws CommandException {
    try {
      return EmbeddedBroker.start(options);
    } catch (BrokerException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }
}
