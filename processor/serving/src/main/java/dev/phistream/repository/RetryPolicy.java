package dev.phistream.repository;

import java.time.Duration;

/**
 * How long a download waits, and how often it tries.
 *
 * @param connect for a connection, and for the first byte of an answer
 * @param silence between two bytes
 * @param tries in a row that bring nothing new before it gives up
 * @param triesUnreached the same when the server has not answered once
 * @param firstPause after a failed try; doubles with each
 * @param longestPause that a server may ask for
 */
public record RetryPolicy(
    Duration connect,
    Duration silence,
    int tries,
    int triesUnreached,
    Duration firstPause,
    Duration longestPause) {
  /** For people at a terminal. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          6,
          3,
          Duration.ofSeconds(1),
          Duration.ofMinutes(2));

  /** The pause after so many failures in a row, from 1. */
  Duration pauseAfter(int failures) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 10));
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }

  /** Waits; tests count instead. */
  @FunctionalInterface
  public interface Sleeper {
    /** Really waits. */
    Sleeper REAL = pause -> Thread.sleep(pause.toMillis());

    /** Returns after {@code pause}. */
    void await(Duration pause) throws InterruptedException;
  }
}
