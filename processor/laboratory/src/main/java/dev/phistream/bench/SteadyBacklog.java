package dev.phistream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps a number of events under way: whenever one is answered, the next is sent. Thread-safe. */
final class SteadyBacklog implements Consumer<ResultWatch.Seen> {
  private final EventSource source;
  private final List<Double> batchMillis = new ArrayList<>();
  private boolean running;
  private int outstanding;

  SteadyBacklog(EventSource source) {
    this.source = source;
  }

  /** Says how many events shall be under way. */
  synchronized void prepare(int events) {
    outstanding = events;
  }

  /** Sends as many. */
  synchronized void start() {
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
