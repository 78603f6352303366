package dev.phistream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps a number of events under way: whenever one is answered, the next is sent. Thread-safe. */
final class SteadyBacklog implements Consumer<ResultWatch.Seen> {
  private final EventSource source;
  private final List<Double> batchMillis = new ArrayList<>();
  private boolean running;

  SteadyBacklog(EventSource source) {
    this.source = source;
  }

  /** Sends as many as shall be under way. */
  synchronized void start(int outstanding) {
    running = true;
    for (int i = 0; i < outstanding; i++) {
      source.send(source.nextId());
    }
  }

  /** Sends no more. */
  synchronized void stop() {
    running = false;
  }

  @Override
  public synchronized void accept(ResultWatch.Seen seen) {
    batchMillis.add(seen.result().getTimings().getInferenceMs());
    if (running) {
      source.send(source.nextId());
    }
  }

  /** What the micro-batch of an answered event took; 0 if none was. */
  synchronized double medianBatchMillis() {
    return batchMillis.isEmpty() ? 0 : Medians.of(batchMillis);
  }
}
