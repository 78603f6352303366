package dev.phistream.replay;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What this process has done since it started, for those who look on. Thread-safe. */
final class LiveCounts {
  private final LongAdder labelled = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final Map<String, LongAdder> dead = new ConcurrentHashMap<>();

  void labelled() {
    labelled.increment();
  }

  void skipped() {
    skipped.increment();
  }

  void deadLetter(String code) {
    dead.computeIfAbsent(code, c -> new LongAdder()).increment();
  }

  long labelledSoFar() {
    return labelled.sum();
  }

  long skippedSoFar() {
    return skipped.sum();
  }

  Map<String, Long> deadSoFar() {
    Map<String, Long> all = new TreeMap<>();
    dead.forEach((code, count) -> all.put(code, count.sum()));
    return all;
  }
}
