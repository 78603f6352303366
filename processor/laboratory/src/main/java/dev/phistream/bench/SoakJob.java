package dev.phistream.bench;

import org.jspecify.annotations.Nullable;

/**
 * A soak for a measuring process.
 *
 * @param batches to run
 * @param reloads of the model on the way
 * @param samples of the memory to take
 * @param model as users call it
 * @param engine its name
 * @param repository directory of the models, if there is one
 */
record SoakJob(
    int batches,
    int reloads,
    int samples,
    String model,
    String engine,
    @Nullable String repository) {}
