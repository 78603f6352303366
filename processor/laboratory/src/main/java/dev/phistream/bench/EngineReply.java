package dev.phistream.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a measuring process answers to a job.
 *
 * @param error why there is no measurement, or null
 * @param engine what measured
 * @param model what was measured
 * @param measurement the figures
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record EngineReply(
    @Nullable String error,
    @Nullable EngineFacts engine,
    @Nullable ModelFacts model,
    @Nullable Measurement measurement) {}
