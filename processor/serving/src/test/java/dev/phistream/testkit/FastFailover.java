package dev.phistream.testkit;

import java.time.Duration;
import java.util.Map;

/** What makes a killed or frozen processor be missed soon, so that tests need not wait long. */
public final class FastFailover {
  /** When the group gives up a member that is not heard of. */
  public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(3);

  /** Settings of the processor. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "kafka.session.timeout.ms", String.valueOf(SESSION_TIMEOUT.toMillis()),
          "kafka.heartbeat.interval.ms", "500",
          // The dead one's last transaction ends then, and what it had taken can be read.
          "kafka.transaction.timeout.ms", "5000");

  private FastFailover() {}
}
