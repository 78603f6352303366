package dev.phistream.pipeline;

import dev.phistream.batching.NanoClock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The stages on an event's way to its answer beside the micro-batch: fetch, decode and answer, each
 * with threads, a limit and a deadline of its own. Thread-safe.
 */
public final class PipelineStages implements AutoCloseable {
  /** Codes of events that a stage did not finish in time. */
  public static final List<String> TIMEOUT_CODES =
      Stream.of("fetch", "decode", "answer").map(StageTimeoutException::code).toList();

  private static final int LOOKS_IN_DEADLINE = 8;
  private static final Duration LONGEST_LOOK = Duration.ofMillis(250);

  /**
   * What the stages may use.
   *
   * @param fetch for images that lie elsewhere
   * @param decode for decoding and preprocessing
   * @param answer for making labels of outputs and telling who waits
   * @param decodeMemoryBytes what all decoders together may take
   */
  public record Limits(
      StageLimits fetch, StageLimits decode, StageLimits answer, long decodeMemoryBytes) {
    Duration lookInterval() {
      Duration shortest =
          Stream.of(fetch, decode, answer)
              .map(StageLimits::deadline)
              .min(Duration::compareTo)
              .orElseThrow();
      Duration interval = shortest.dividedBy(LOOKS_IN_DEADLINE);
      return interval.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : interval;
    }
  }

  private final StageWatch watch;
  private final Stage fetching;
  private final Stage decoding;
  private final Stage answering;
  private final FetchStage fetch;
  private final DecodeStage decode;
  private final AnswerStage answer;

  /**
   * Creates the stages; their threads start when they are needed.
   *
   * @param loader follows references
   * @param clock the batcher's
   */
  public PipelineStages(
      ImageLoader loader, ImagePreparation preparation, Limits limits, NanoClock clock) {
    watch = new StageWatch(limits.lookInterval(), clock);
    fetching = new Stage("fetch", limits.fetch(), StageThreads.waiting("fetch"), watch, clock);
    decoding = new Stage("decode", limits.decode(), StageThreads.computing("decode"), watch, clock);
    answering =
        new Stage("answer", limits.answer(), StageThreads.computing("answer"), watch, clock);
    fetch = new FetchStage(loader, fetching, clock);
    decode =
        new DecodeStage(preparation, new MemoryBudget(limits.decodeMemoryBytes()), decoding, clock);
    answer = new AnswerStage(answering);
  }

  FetchStage fetch() {
    return fetch;
  }

  DecodeStage decode() {
    return decode;
  }

  AnswerStage answer() {
    return answer;
  }

  /** The threads that decode. */
  Stage decoding() {
    return decoding;
  }

  /** Threads of all stages that were abandoned and have not returned. */
  public int abandonedThreads() {
    return fetching.abandoned() + decoding.abandoned() + answering.abandoned();
  }

  /** Cancels what is not in a micro-batch yet; what is may still be answered. */
  public void closeIntake() {
    fetching.close();
    decoding.close();
  }

  /** Cancels what is left. The batcher's owner closes it in between. */
  @Override
  public void close() {
    closeIntake();
    answering.close();
    watch.close();
  }
}
