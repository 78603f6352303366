package dev.phistream.runtime;

import dev.phistream.pipeline.PipelineStages;
import dev.phistream.pipeline.StageLimits;
import java.time.Duration;

/**
 * What the stages of a configuration may use. Each has a deadline below the time that a full window
 * may hold its thread up, so that what hangs in a stage costs its own event and nothing else.
 */
final class StageSettings {
  /** Fetching gives up by itself; this is for what does not, such as a dead network drive. */
  private static final Duration FETCH_GRACE = Duration.ofMillis(500);

  private static final int DECODE_PART_OF_BLOCK = 2;
  private static final int ANSWER_PART_OF_BLOCK = 4;

  /** The windows have half of the heap. */
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
    Duration block = StreamsProperties.maxBlock(config);
    int cores = Runtime.getRuntime().availableProcessors();
    int fetchers = config.references().concurrency();
    if (fetchers < 1) {
      throw new ConfigException("references.concurrency: %d (expected: >= 1)".formatted(fetchers));
    }
    Duration fetch = config.references().timeout();
    check("references.timeout", fetch, block.minus(FETCH_GRACE));
    Duration decode = config.images().decodeTimeout().orElse(block.dividedBy(DECODE_PART_OF_BLOCK));
    check("images.decode-timeout", decode, block);
    return new PipelineStages.Limits(
        new StageLimits(fetchers, /* spares= */ fetchers, fetch.plus(FETCH_GRACE)),
        new StageLimits(decoders, decode),
        new StageLimits(
            Math.max(1, Math.min(devices, cores / 2)), block.dividedBy(ANSWER_PART_OF_BLOCK)),
        config
            .images()
            .decodeMemory()
            .map(DataSize::bytes)
            .orElse(Runtime.getRuntime().maxMemory() / DECODE_PART_OF_HEAP));
  }

  private static void check(String setting, Duration value, Duration below) throws ConfigException {
    if (value.toMillis() < 1 || value.compareTo(below) >= 0) {
      throw new ConfigException(
          "%s: %d ms (expected: 1 ms to less than %d ms, or a full window fails its thread first; lower it or raise kafka.transaction.timeout.ms)"
              .formatted(setting, value.toMillis(), below.toMillis()));
    }
  }
}
