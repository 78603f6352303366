package dev.phistream.bench;

import org.jspecify.annotations.Nullable;

/**
 * One point to measure, for a measuring process.
 *
 * @param model as users call it
 * @param repository directory of the models, if there is one
 * @param device such as {@code cpu}
 * @param batch images in a batch
 * @param reload whether runners are loaded anew even if they are there
 * @param warmUpSeconds before it counts
 * @param seconds that count
 */
record EngineJob(
    String model,
    @Nullable String repository,
    String device,
    int batch,
    boolean reload,
    double warmUpSeconds,
    double seconds) {}
