package dev.phistream.faults;

/** A broker that can be restarted on its data. */
interface FaultyBroker extends AutoCloseable {
  /** {@code HOST:PORT} for clients, the same after a restart. */
  String bootstrap();

  /** Which one it is. */
  String description();

  /** Stops and starts it; returns when it takes clients. */
  void restart();

  @Override
  void close();
}
