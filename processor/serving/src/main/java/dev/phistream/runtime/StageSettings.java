package dev.phistream.runtime;

import dev.phistream.pipeline.PipelineStages;
import dev.phistream.pipeline.StageLimits;
import java.time.Duration;

/**
 * What the stages of a configuration may use. Each has a deadline below the time that an event may
 * take in all, so that what hangs in a stage ends there, with a code that says in which.
 */
final class StageSettings {
  /** Fetching gives up by itself; this is for what does not, such as a dead network drive. */
  private static final Duration FETCH_GRACE = Duration.ofMillis(500);

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
   * @throws ConfigException naming the setting that cannot be
   */
  static PipelineStages.Limits of(ProcessorConfig config, int decoders, int devices)
      throws ConfigException {
    Duration whole = config.window().answerTimeout();
    int cores = Runtime.getRuntime().availableProcessors();
    int fetchers = config.references().concurrency();
    if (fetchers < 1) {
      throw new ConfigException("references.concurrency: %d (expected: >= 1)".formatted(fetchers));
    }
    Duration fetch = config.references().timeout();
    check("references.timeout", fetch, whole.minus(FETCH_GRACE));
    Duration decode = config.images().decodeTimeout().orElse(DECODE);
    check("images.decode-timeout", decode, whole);
    return new PipelineStages.Limits(
        new StageLimits(fetchers, /* spares= */ fetchers, fetch.plus(FETCH_GRACE)),
        new StageLimits(decoders, decode),
        new StageLimits(Math.max(1, Math.min(devices, cores / 2)), ANSWER),
        config
            .images()
            .decodeMemory()
            .map(DataSize::bytes)
            .orElse(Runtime.getRuntime().maxMemory() / DECODE_PART_OF_HEAP));
  }

  private static void check(String setting, Duration value, Duration below) throws ConfigException {
    if (value.toMillis() < 1 || value.compareTo(below) >= 0) {
      throw new ConfigException(
          "%s: %d ms (expected: 1 ms to less than %d ms, which window.answer-timeout allows in all; lower it or raise window.answer-timeout)"
              .formatted(setting, value.toMillis(), below.toMillis()));
    }
  }
}
