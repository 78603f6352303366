package dev.phistream.pipeline;

import dev.phistream.batching.NanoClock;
import dev.phistream.batching.Urgency;
import dev.phistream.image.DecodeMemory;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes network inputs of encoded images. Decoders share a {@link MemoryBudget}: an image waits
 * until the others leave it what its header says that it needs. One that runs out of memory all the
 * same is decoded once more, alone; so it fails for its own size and not for its neighbours'. One
 * that needs more than twice the budget is refused before it takes memory from threads that do
 * other work. Thread-safe.
 */
final class DecodeStage {
  private static final long MOST_TIMES_BUDGET = 2;
  private static final long MEGABYTE = 1 << 20;

  /** Part of the deadline for which an image may wait for memory, 1 ÷ this. */
  private static final int PART_FOR_MEMORY = 4;

  /**
   * A network input.
   *
   * @param startedNanos when decoding began, after any wait for memory
   * @param finishedNanos when it was done
   */
  record Decoded(byte[] input, long startedNanos, long finishedNanos) {
    long nanos() {
      return finishedNanos - startedNanos;
    }
  }

  private final ImagePreparation preparation;
  private final MemoryBudget memory;
  private final Stage stage;
  private final NanoClock clock;
  private final Duration memoryWait;

  DecodeStage(ImagePreparation preparation, MemoryBudget memory, Stage stage, NanoClock clock) {
    this.preparation = preparation;
    this.memory = memory;
    this.stage = stage;
    this.clock = clock;
    this.memoryWait = stage.limits().deadline().dividedBy(PART_FOR_MEMORY);
  }

  /** Ends with the input, or with a {@link ClassificationException} or what else went wrong. */
  CompletableFuture<Decoded> decode(byte[] encoded, Preprocessor preprocessor, Urgency urgency) {
    return stage.submit(urgency, () -> decode(encoded, preprocessor));
  }

  @SuppressWarnings("try") // the lease is held, not read
  private Decoded decode(byte[] encoded, Preprocessor preprocessor)
      throws ClassificationException, InterruptedException {
    long needed = DecodeMemory.bytes(encoded);
    if (needed / MOST_TIMES_BUDGET > memory.bytes()) {
      throw new ClassificationException(
          ClassificationException.OUT_OF_MEMORY,
          "decoding would take up to %d MB (expected: at most %d MB, twice images.decode-memory); raise the heap with JAVA_OPTS=-Xmx…"
              .formatted(needed / MEGABYTE, MOST_TIMES_BUDGET * memory.bytes() / MEGABYTE));
    }
    try (MemoryBudget.Lease lease = lent(memory.take(needed, memoryWait))) {
      return decodeNow(encoded, preprocessor);
    } catch (OutOfMemoryError e) {
      return decodeAlone(encoded, preprocessor);
    }
  }

  @SuppressWarnings("try") // the lease is held, not read
  private Decoded decodeAlone(byte[] encoded, Preprocessor preprocessor)
      throws ClassificationException, InterruptedException {
    try (MemoryBudget.Lease lease = lent(memory.takeAll(memoryWait))) {
      return decodeNow(encoded, preprocessor);
    } catch (OutOfMemoryError e) {
      throw new ClassificationException(
          ClassificationException.OUT_OF_MEMORY,
          "no memory to decode it, even alone (expected: an image that fits; raise the heap with"
              + " JAVA_OPTS=-Xmx… or lower images.max-pixels)",
          e);
    }
  }

  private Decoded decodeNow(byte[] encoded, Preprocessor preprocessor)
      throws ClassificationException {
    long started = clock.nanos();
    try {
      byte[] input = preparation.prepare(encoded, preprocessor);
      return new Decoded(input, started, clock.nanos());
    } catch (ImageException e) {
      throw new ClassificationException(e.code().id(), String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new ClassificationException(
          ImageException.Code.UNDECODABLE.id(), "damaged file: its parts are nested too deeply", e);
    }
  }

  private static MemoryBudget.Lease lent(MemoryBudget.@Nullable Lease lease)
      throws ClassificationException {
    if (lease == null) {
      throw new ClassificationException(
          ClassificationException.OUT_OF_MEMORY,
          "no memory to decode it became free in time (expected: room in images.decode-memory);"
              + " send it again when there is less load");
    }
    return lease;
  }
}
