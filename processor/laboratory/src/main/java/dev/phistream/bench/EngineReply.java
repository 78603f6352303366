package dev.phistream.bench;

/**
 * What a measuring process answers to a job.
 *
 * @param engine what measured
 * @param model what was measured
 * @param measurement the figures
 */
record EngineReply(EngineFacts engine, ModelFacts model, Measurement measurement) {}
