package dev.phistream.bench.peer;

import java.util.concurrent.atomic.AtomicLong;

/** Notes when the first event was taken. Thread-safe. */
final class FirstTaken {
  private final AtomicLong millis = new AtomicLong();

  void note() {
    if (millis.get() == 0) {
      millis.compareAndSet(0, System.currentTimeMillis());
    }
  }

  long millis() {
    return millis.get();
  }
}
