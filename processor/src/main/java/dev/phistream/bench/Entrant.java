package dev.phistream.bench;

/** A contestant at work in a measured process. */
interface Entrant extends AutoCloseable {
  /** When it took its first event, ms since 1970; 0 if its results tell. */
  long firstTakenMillis();

  /** Stops it, with what it has taken finished and committed as far as it can be. */
  @Override
  void close();
}
