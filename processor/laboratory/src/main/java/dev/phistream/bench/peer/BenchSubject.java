package dev.phistream.bench.peer;

/** A subject at work in a measured process. */
public interface BenchSubject extends AutoCloseable {
  /** When it took its first event, ms since 1970; 0 if that is not known here. */
  long firstTakenMillis();

  /** Stops it, with what it has taken finished and committed as far as it can be. */
  @Override
  void close();
}
