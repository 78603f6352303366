package dev.phistream.bench;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.pipeline.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the stream is measured against: a thread per core that decodes a batch, predicts it and
 * takes its labels, again and again, with no queue, no Kafka and nothing to wait for.
 */
final class BareLoop implements AutoCloseable {
  private static final int TOP_K = 5;

  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
  private final Preprocessor preprocessor;
  private final Labels labels;
  private final List<NetworkRunner> runners = new ArrayList<>();
  private final int batch;

  BareLoop(Model model, int threads, int batch) throws ModelException {
    this.preprocessor = new Preprocessor(model.card().preprocessing());
    this.labels = new Labels(model.labels());
    this.batch = batch;
    MxnetEngine engine = MxnetEngine.start(threads);
    for (int i = 0; i < threads; i++) {
      runners.add(engine.load(model, Op.InputType.PIXELS, ComputeDevice.CPU));
    }
  }

  /** Images per second over {@code count} images, taken from {@code pictures} in turn. */
  double imagesPerSecond(List<byte[]> pictures, int count)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(runners.size());
    try {
      long started = System.nanoTime();
      List<Future<?>> loops = new ArrayList<>();
      for (NetworkRunner runner : runners) {
        loops.add(
            threads.submit(
                () -> {
                  loop(runner, pictures, next, count);
                  return null;
                }));
      }
      for (Future<?> loop : loops) {
        loop.get();
      }
      return count / ((System.nanoTime() - started) / 1e9);
    } finally {
      threads.shutdownNow();
    }
  }

  @Override
  public void close() {
    runners.forEach(NetworkRunner::close);
  }

  private void loop(NetworkRunner runner, List<byte[]> pictures, AtomicInteger next, int count)
      throws ImageException, InferenceException {
    int from;
    while ((from = next.getAndAdd(batch)) < count) {
      List<byte[]> inputs = new ArrayList<>(batch);
      for (int i = from; i < Math.min(from + batch, count); i++) {
        inputs.add(preprocessor.apply(decoder.decode(pictures.get(i % pictures.size()))));
      }
      for (float[] logits : runner.logits(inputs)) {
        labels.top(logits, TOP_K);
      }
    }
  }
}
