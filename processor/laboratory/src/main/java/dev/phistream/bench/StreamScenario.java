package dev.phistream.bench;

import java.util.concurrent.ExecutionException;

/** Answers one request about the stream. */
interface StreamScenario {
  /**
   * Measures.
   *
   * @throws BenchException when something does not work, with what to do about it
   * @throws ExecutionException when Kafka does not take an event
   */
  ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException;
}
