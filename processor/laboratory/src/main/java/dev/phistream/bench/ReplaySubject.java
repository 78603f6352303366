package dev.phistream.bench;

import dev.phistream.bench.peer.BenchSubject;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.kafka.ClusterException;
import dev.phistream.model.ModelException;
import dev.phistream.replay.RateLimitSettings;
import dev.phistream.replay.Replay;
import dev.phistream.replay.ReplayException;
import dev.phistream.replay.ReplayRequest;
import dev.phistream.replay.Selection;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** A replay of all that stands on the input topic, as {@code replay} starts it. */
record ReplaySubject(Replay replay) implements BenchSubject {
  static ReplaySubject start(Map<String, String> settings)
      throws ConfigException, ClusterException, ModelException, BenchException {
    Settings live = Settings.of(settings);
    ReplayRequest request =
        new ReplayRequest(
            live.applicationId(),
            live.topics().input(),
            "earliest",
            "latest",
            null,
            labels(live.topics().labels()),
            null,
            Selection.ALL);
    try {
      Replay replay =
          Replay.prepare(
              request,
              Replay.Begin.ONCE,
              RateLimitSettings.NONE,
              over -> {
                Map<String, String> all = new HashMap<>(settings);
                all.putAll(over);
                return Settings.of(all);
              },
              Clock.systemUTC());
      boolean started = false;
      try {
        replay.start();
        started = true;
        return new ReplaySubject(replay);
      } finally {
        if (!started) {
          replay.close();
        }
      }
    } catch (ReplayException | ClusterException e) {
      throw new BenchException("the replay does not start: " + e.getMessage(), e);
    }
  }

  /** Where it puts labels: not where the live processor would. */
  static String labels(String live) {
    return live + ".again";
  }

  @Override
  public long firstTakenMillis() {
    return 0;
  }

  @Override
  public void close() {
    replay.close();
  }
}
