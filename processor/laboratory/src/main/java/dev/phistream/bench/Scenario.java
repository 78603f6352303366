package dev.phistream.bench;

import java.util.Locale;

/** What the stream benchmark can ask, in the order in which it does. */
public enum Scenario {
  /** A backlog through Kafka against a loop without it. */
  THROUGHPUT,
  /** The latency tier beside a backlog of the accuracy tier. */
  LATENCY,
  /** One event at a time. */
  SINGLE,
  /** Memory over many events. */
  MEMORY,
  /** What a user would write instead. */
  PEERS,
  /** A backlog, and the same one replayed. */
  REPLAY,
  /** A burst of several times what the wanted variant can do. */
  BROWNOUT,
  /** What the in-flight ledger writes. */
  CHANGELOG;

  /** For people and options. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
