package dev.phistream.bench;

import org.jspecify.annotations.Nullable;

/**
 * What a measuring process answers to a job.
 *
 * @param measured the figures, or null if the engine does not run the model
 * @param refusal why it does not, or null if it does
 */
record EngineReply(@Nullable Measured measured, @Nullable String refusal) {
  /**
   * What a measuring process found.
   *
   * @param engine what measured
   * @param model what was measured
   * @param measurement the figures
   */
  record Measured(EngineFacts engine, ModelFacts model, Measurement measurement) {}
}
