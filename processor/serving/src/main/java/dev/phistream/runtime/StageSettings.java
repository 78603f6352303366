package dev.phistream.runtime;

import dev.phistream.config.DataSize;
import dev.phistream.config.Settings;
import dev.phistream.pipeline.PipelineStages;
import dev.phistream.pipeline.StageLimits;
import java.time.Duration;

/**
 * What the stages of a configuration may use. Each has a deadline below the time that an event may
 * take in all, so that what hangs in a stage ends there, with a code that says in which.
 */
final class StageSettings {
  private static final Duration DECODE = Duration.ofSeconds(4);
  private static final Duration ANSWER = Duration.ofSeconds(2);

  /** The window has a quarter of the heap. */
  private static final int DECODE_PART_OF_HEAP = 4;

  private StageSettings() {}

  /**
   * The limits of a configuration.
   *
   * @param decoders images that are decoded side by side
   * @param devices that feed the stage that answers
   */
  static PipelineStages.Limits of(Settings config, int decoders, int devices) {
    int cores = Runtime.getRuntime().availableProcessors();
    int fetchers = config.references().concurrency();
    Duration fetch = config.references().timeout();
    Duration decode = config.images().decodeTimeout().orElse(DECODE);
    return new PipelineStages.Limits(
        new StageLimits(fetchers, /* spares= */ fetchers, fetch.plus(Settings.FETCH_GRACE)),
        new StageLimits(decoders, decode),
        new StageLimits(Math.max(1, Math.min(devices, cores / 2)), ANSWER),
        config
            .images()
            .decodeMemory()
            .map(DataSize::bytes)
            .orElse(Runtime.getRuntime().maxMemory() / DECODE_PART_OF_HEAP));
  }
}
