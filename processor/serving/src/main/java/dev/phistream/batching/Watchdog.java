package dev.phistream.batching;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds devices that do not come back from a call. It has no thread: {@link #check} is called at
 * about {@link #interval}. Time counts only as far as checks happen, so that a process that stood
 * still (SIGSTOP, a suspended machine) does not take its devices for stuck. Thread-safe.
 */
final class Watchdog<I, O> {
  /** Told of a device that is stuck, once per call. */
  interface Listener<I, O> {
    void stuck(DeviceRun<I, O> device, DeviceRun.Call call, Duration since);
  }

  /** Slow models get as many times what is predicted for their batches, if that is longer. */
  private static final int TIMES_PREDICTED = 20;

  private static final int CHECKS_IN_TIMEOUT = 8;

  private record Seen(DeviceRun.Call call, long awakeNanos, boolean reported) {}

  private final Duration timeout;
  private final NanoClock clock;
  private final List<DeviceRun<I, O>> devices;
  private final Listener<I, O> listener;
  private final Map<DeviceRun<I, O>, Seen> seen = new HashMap<>();
  private long lastCheckNanos;
  private long awakeNanos;

  Watchdog(
      Duration timeout, NanoClock clock, List<DeviceRun<I, O>> devices, Listener<I, O> listener) {
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("watchdog.timeout: " + timeout + " (expected: >= 1ms)");
    }
    this.timeout = timeout;
    this.clock = clock;
    this.devices = List.copyOf(devices);
    this.listener = listener;
    lastCheckNanos = clock.nanos();
  }

  /** How often to check. */
  Duration interval() {
    return timeout.dividedBy(CHECKS_IN_TIMEOUT);
  }

  /** Looks at all devices. */
  synchronized void check() {
    long now = clock.nanos();
    awakeNanos += Math.min(now - lastCheckNanos, 2 * interval().toNanos());
    lastCheckNanos = now;
    for (DeviceRun<I, O> device : devices) {
      check(device);
    }
  }

  private void check(DeviceRun<I, O> device) {
    DeviceRun.@Nullable Call call = device.call();
    if (call == null) {
      seen.remove(device);
      return;
    }
    Seen before = seen.get(device);
    if (before == null || !before.call().equals(call)) {
      seen.put(device, new Seen(call, awakeNanos, false));
      return;
    }
    long since = awakeNanos - before.awakeNanos();
    if (!before.reported()
        && since >= Math.max(timeout.toNanos(), TIMES_PREDICTED * call.predictedNanos())) {
      seen.put(device, new Seen(call, before.awakeNanos(), true));
      listener.stuck(device, call, Duration.ofNanos(since));
    }
  }
}
