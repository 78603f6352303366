package dev.phistream.pipeline;

import dev.phistream.batching.Batched;
import dev.phistream.batching.DeviceLostException;
import dev.phistream.batching.MicroBatcher;
import dev.phistream.batching.NanoClock;
import dev.phistream.batching.Urgency;
import dev.phistream.latency.LatencyModel;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Leads images through the stages: fetch, decode, micro-batch, answer. An image is decoded alone,
 * so that a broken one never reaches a micro-batch; its place in one is announced at once, so that
 * the micro-batch can wait for it. Each image ends exactly once, whatever a stage throws and
 * however long it takes. Thread-safe.
 */
public final class BatchingClassifier implements ImageClassifier {
  private final ActiveModels activeModels;
  private final String engine;
  private final PipelineStages stages;
  private final MicroBatcher<byte[], float[]> batcher;
  private final LatencyModel latency;
  private final NanoClock clock;
  private final BrokenModels brokenModels;

  /** Hears of models that begin to answer with what is no number. */
  public interface BrokenModels {
    /**
     * A model gave such an answer. Must return soon, for other answers wait.
     *
     * @param slot the variant or trial for which it answered
     */
    void noNumber(String slot, LoadedModel model);
  }

  /**
   * Creates a classifier.
   *
   * @param activeModels says which model answers for a variant
   * @param engine name of the engine, for answers
   * @param stages closed by their owner
   * @param batcher closed by its owner
   * @param latency is told of each image and what its answer took
   * @param clock the batcher's
   * @param brokenModels is told of each answer that is no number
   */
  public BatchingClassifier(
      ActiveModels activeModels,
      String engine,
      PipelineStages stages,
      MicroBatcher<byte[], float[]> batcher,
      LatencyModel latency,
      NanoClock clock,
      BrokenModels brokenModels) {
    this.activeModels = activeModels;
    this.engine = engine;
    this.stages = stages;
    this.batcher = batcher;
    this.latency = latency;
    this.clock = clock;
    this.brokenModels = brokenModels;
  }

  @Override
  public CompletableFuture<Answer> submit(ImageRequest request) {
    Event event = new Event(request, activeModels.hold(request.variant()));
    event.begin();
    return event.answer;
  }

  /** An image on its way. */
  private final class Event {
    private final ImageRequest request;
    private final LoadedModel held;
    private final ServedModel model;
    private final long arrivedNanos = clock.nanos();
    private final Urgency urgency;
    private final MicroBatcher<byte[], float[]>.Reservation place;
    private final AtomicBoolean placeUsed = new AtomicBoolean();
    private final LatencyModel.Flight flight;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    /** What it waits for now. */
    private volatile @Nullable CompletableFuture<?> step;

    private long fetchNanos;

    /** Until decoding could begin, which no prediction knows of. */
    private long beforeNanos;

    Event(ImageRequest request, LoadedModel held) {
      this.request = request;
      this.held = held;
      this.model = held.model();
      this.urgency = Urgency.of(arrivedNanos, request.maxDelay(), request.objective());
      this.place = batcher.reserve(held.queue(), urgency);
      this.flight = latency.arrive(request.variant(), request.objective());
      // Also when it is cancelled: what nobody waits for holds nobody up.
      var unused =
          answer.whenComplete(
              (result, error) -> {
                flight.abandoned();
                if (placeUsed.compareAndSet(false, true)) {
                  place.release();
                }
                held.release();
                cancelStep();
              });
    }

    void begin() {
      await(() -> stages.fetch().fetch(request.image(), urgency), this::decode, e -> e);
    }

    private void decode(FetchStage.Fetched fetched) {
      fetchNanos = fetched.nanos();
      beforeNanos =
          request.image() instanceof ImageSource.Reference ? clock.nanos() - arrivedNanos : 0;
      await(
          () -> stages.decode().decode(fetched.bytes(), model.preprocessor(), urgency),
          this::compute,
          e -> e);
    }

    private void compute(DecodeStage.Decoded decoded) {
      flight.decoded(Duration.ofNanos(decoded.nanos()));
      if (!placeUsed.compareAndSet(false, true)) {
        return; // it was cancelled
      }
      await(
          () -> place.submit(decoded.input()),
          output -> answer(decoded, output),
          this::inferenceFailed);
    }

    private void answer(DecodeStage.Decoded decoded, Batched<float[]> output) {
      await(
          () ->
              stages
                  .answer()
                  .answer(output, model, request, urgency, said -> end(decoded, output, said)),
          done -> {},
          this::inferenceFailed);
    }

    private void end(DecodeStage.Decoded decoded, Batched<float[]> output, AnswerStage.Said said) {
      long total = clock.nanos() - arrivedNanos;
      long waitedForDecoder = decoded.startedNanos() - arrivedNanos - fetchNanos;
      long waitedForDevice = output.startedNanos() - decoded.finishedNanos();
      flight.answered(Duration.ofNanos(total - beforeNanos));
      answer.complete(
          new Answer(
              said.labels(),
              model.id(),
              model.weightsDigest(),
              engine,
              output.device(),
              output.batchSize(),
              new Answer.Timings(
                  Duration.ofNanos(waitedForDecoder + waitedForDevice),
                  Duration.ofNanos(fetchNanos),
                  Duration.ofNanos(decoded.nanos()),
                  Duration.ofNanos(output.finishedNanos() - output.startedNanos()),
                  Duration.ofNanos(total)),
              said.confidence(),
              null));
    }

    /**
     * Goes on when a step ends; the image fails with whatever the step, or what follows it, throws.
     *
     * @param failure says what the image fails with
     */
    private <R> void await(
        Step<R> begin, Consumer<R> next, Function<Throwable, Throwable> failure) {
      try {
        CompletableFuture<R> begun = begin.begin();
        step = begun;
        var unused =
            begun.whenComplete(
                (result, error) -> {
                  if (error != null) {
                    fail(error, failure);
                    return;
                  }
                  try {
                    next.accept(result);
                  } catch (Throwable e) {
                    fail(e, failure);
                  }
                });
        if (answer.isDone()) {
          cancelStep(); // it was cancelled meanwhile
        }
      } catch (Throwable e) {
        fail(e, failure);
      }
    }

    private void cancelStep() {
      CompletableFuture<?> running = step;
      if (running != null) {
        running.cancel(false);
      }
    }

    private void fail(Throwable error, Function<Throwable, Throwable> failure) {
      Throwable cause =
          error instanceof CompletionException && error.getCause() != null
              ? error.getCause()
              : error;
      if (cause instanceof CancellationException) {
        answer.cancel(false);
      } else {
        answer.completeExceptionally(known(cause, failure));
      }
    }

    private Throwable known(Throwable cause, Function<Throwable, Throwable> otherwise) {
      if (cause instanceof ClassificationException) {
        return cause;
      }
      if (cause instanceof DeviceLostException || cause instanceof StageLostException) {
        return new EngineLostException(String.valueOf(cause.getMessage()), cause);
      }
      if (cause instanceof StageTimeoutException timeout) {
        return new ClassificationException(
            timeout.code(), String.valueOf(cause.getMessage()), cause);
      }
      if (cause instanceof OutOfMemoryError) {
        return new ClassificationException(
            ClassificationException.OUT_OF_MEMORY,
            "variant %s: no memory left (expected: room for the events in flight; raise the heap or lower window.bytes)"
                .formatted(model.variant()),
            cause);
      }
      return otherwise.apply(cause);
    }

    private Throwable inferenceFailed(Throwable cause) {
      if (cause instanceof NoNumberException) {
        brokenModels.noNumber(request.variant(), held);
      }
      return new ClassificationException(
          ClassificationException.INFERENCE_FAILED,
          "variant %s: %s".formatted(model.variant(), cause.getMessage()),
          cause);
    }
  }

  /** Begins what an image then waits for. */
  private interface Step<R> {
    CompletableFuture<R> begin();
  }
}
