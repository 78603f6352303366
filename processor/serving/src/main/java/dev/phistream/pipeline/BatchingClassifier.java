package dev.phistream.pipeline;

import dev.phistream.batching.Batched;
import dev.phistream.batching.DeviceLostException;
import dev.phistream.batching.MicroBatcher;
import dev.phistream.batching.NanoClock;
import dev.phistream.batching.Urgency;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.latency.LatencyModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Classifies on a decode pool and a micro-batcher. A image is decoded alone, so that a broken one
 * never reaches a micro-batch; its place in one is announced at once, so that the micro-batch can
 * wait for it. Thread-safe.
 */
public final class BatchingClassifier implements ImageClassifier {
  private final ActiveModels activeModels;
  private final String engine;
  private final ImageDecoder decoder;
  private final ImageLoader loader;
  private final DecodePool pool;
  private final MicroBatcher<byte[], float[]> batcher;
  private final LatencyModel latency;
  private final NanoClock clock;

  /**
   * Creates a classifier.
   *
   * @param activeModels says which model answers for a variant
   * @param engine name of the engine, for answers
   * @param loader follows references
   * @param pool closed by its owner, before the batcher
   * @param batcher closed by its owner
   * @param latency is told of each image and what its answer took
   * @param clock the batcher's
   */
  public BatchingClassifier(
      ActiveModels activeModels,
      String engine,
      ImageDecoder decoder,
      ImageLoader loader,
      DecodePool pool,
      MicroBatcher<byte[], float[]> batcher,
      LatencyModel latency,
      NanoClock clock) {
    this.activeModels = activeModels;
    this.engine = engine;
    this.decoder = decoder;
    this.loader = loader;
    this.pool = pool;
    this.batcher = batcher;
    this.latency = latency;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Answer> submit(ImageRequest request) {
    LoadedModel model = activeModels.hold(request.variant());
    long arrived = clock.nanos();
    Urgency urgency = Urgency.of(arrived, request.maxDelay(), request.objective());
    Job job =
        new Job(
            request,
            model.model(),
            arrived,
            batcher.reserve(model.queue(), urgency),
            latency.arrive(request.variant(), request.objective()),
            new CompletableFuture<>());
    // Also when it is cancelled: what nobody waits for holds nobody up.
    var unused =
        job.answer()
            .whenComplete(
                (answer, error) -> {
                  job.flight().dropped();
                  model.release();
                });
    try {
      pool.execute(new UrgentTask(urgency.deadlineNanos(), () -> prepare(job), () -> drop(job)));
    } catch (RejectedExecutionException e) {
      drop(job);
    }
    return job.answer();
  }

  /** The pool is closing; whoever asked keeps the image. */
  private static void drop(Job job) {
    job.place().release();
    job.answer().cancel(false);
  }

  /** An image on its way. */
  private record Job(
      ImageRequest request,
      ServedModel model,
      long arrivedNanos,
      MicroBatcher<byte[], float[]>.Reservation place,
      LatencyModel.Flight flight,
      CompletableFuture<Answer> answer) {}

  private void prepare(Job job) {
    if (job.answer().isDone()) {
      job.place().release();
      return;
    }
    long started = clock.nanos();
    byte[] input;
    try {
      input = job.model().preprocessor().apply(decoder.decode(encoded(job.request().image())));
    } catch (ImageException e) {
      fail(job, new ClassificationException(e.code().id(), String.valueOf(e.getMessage()), e));
      return;
    } catch (ClassificationException e) {
      fail(job, e);
      return;
    } catch (OutOfMemoryError e) {
      fail(job, new ClassificationException("image-too-large", "no memory to decode it", e));
      return;
    } catch (RuntimeException e) {
      fail(job, e);
      return;
    }
    long decoded = clock.nanos();
    job.flight().decoded(Duration.ofNanos(decoded - started));
    CompletableFuture<Batched<float[]>> output = job.place().submit(input);
    var answering =
        output.whenComplete(
            (batched, error) -> {
              if (error == null) {
                answer(job, started, decoded, batched);
              } else {
                failed(job, error);
              }
            });
    // Nobody computes for an answer that nobody waits for.
    var unused =
        job.answer()
            .whenComplete(
                (answer, error) -> {
                  if (error instanceof CancellationException) {
                    answering.cancel(false);
                    output.cancel(false);
                  }
                });
  }

  private byte[] encoded(ImageSource source) throws ClassificationException {
    if (source instanceof ImageSource.Inline inline) {
      return inline.bytes();
    }
    return loader.load((ImageSource.Reference) source);
  }

  private static void fail(Job job, Exception error) {
    job.place().release();
    job.answer().completeExceptionally(error);
  }

  private static void failed(Job job, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof CancellationException) {
      job.answer().cancel(false);
      return;
    }
    if (cause instanceof DeviceLostException) {
      job.answer()
          .completeExceptionally(
              new EngineLostException(String.valueOf(cause.getMessage()), cause));
      return;
    }
    job.answer()
        .completeExceptionally(
            new ClassificationException(
                ClassificationException.INFERENCE_FAILED,
                "variant %s: %s".formatted(job.model().variant(), cause.getMessage()),
                cause));
  }

  private static double confidence(Job job, float[] logits, List<Answer.Label> labels) {
    Cascade cascade = job.request().cascade();
    return cascade == null
        ? labels.get(0).score()
        : Labels.confidence(logits, cascade.temperature());
  }

  private void answer(Job job, long started, long decoded, Batched<float[]> batched) {
    List<Answer.Label> labels;
    try {
      labels = job.model().labels().top(batched.output(), job.request().topK());
    } catch (RuntimeException e) { // the network is another than the labels'
      failed(job, e);
      return;
    }
    Duration total = Duration.ofNanos(clock.nanos() - job.arrivedNanos());
    job.flight().answered(total);
    job.answer()
        .complete(
            new Answer(
                labels,
                job.model().id(),
                job.model().weightsDigest(),
                engine,
                batched.device(),
                batched.batchSize(),
                new Answer.Timings(
                    Duration.ofNanos(
                        started - job.arrivedNanos() + batched.startedNanos() - decoded),
                    Duration.ofNanos(decoded - started),
                    Duration.ofNanos(batched.finishedNanos() - batched.startedNanos()),
                    total),
                confidence(job, batched.output(), labels),
                null));
  }
}
