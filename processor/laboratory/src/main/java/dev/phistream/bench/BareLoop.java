package dev.phistream.bench;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.DeviceChoice;
import dev.phistream.inference.DeviceException;
import dev.phistream.inference.Engines;
import dev.phistream.inference.GpuSettings;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.pipeline.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the stream is measured against: a thread per core that decodes a batch, predicts it and
 * takes its labels, again and again, with no queue and no Kafka. On the CPU each has a model of its
 * own; on GPUs, which have one each, they take turns.
 */
final class BareLoop implements AutoCloseable {
  private static final int TOP_K = 5;

  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
  private final Preprocessor preprocessor;
  private final Labels labels;
  private final List<NetworkRunner> runners = new ArrayList<>();
  private final int threads;
  private final int batch;

  BareLoop(String engine, DeviceChoice choice, Model model, int threads, int batch)
      throws ModelException, DeviceException {
    this.threads = threads;
    this.preprocessor = new Preprocessor(model.card().preprocessing());
    this.labels = new Labels(model.labels());
    this.batch = batch;
    InferenceEngine started = Engines.start(engine, threads, GpuSettings.upTo(batch));
    List<ComputeDevice> devices = choice.resolve(started);
    runners.addAll(
        started.load(
            model,
            Op.InputType.PIXELS,
            devices.equals(List.of(ComputeDevice.CPU))
                ? Collections.nCopies(threads, ComputeDevice.CPU)
                : devices));
  }

  /** Images per second over {@code count} images, taken from {@code images} in turn. */
  double imagesPerSecond(List<byte[]> images, int count)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      long started = System.nanoTime();
      List<Future<?>> loops = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        NetworkRunner runner = runners.get(i % runners.size());
        loops.add(
            executor.submit(
                () -> {
                  loop(runner, images, next, count);
                  return null;
                }));
      }
      for (Future<?> loop : loops) {
        loop.get();
      }
      return count / ((System.nanoTime() - started) / 1e9);
    } finally {
      executor.shutdownNow();
    }
  }

  /** What each of {@code count} images took from bytes to labels, one at a time. */
  List<Double> oneByOneMillis(List<byte[]> images, int count) throws ExecutionException {
    List<Double> times = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long started = System.nanoTime();
      try {
        classify(runners.get(0), List.of(images.get(i % images.size())));
      } catch (ImageException | InferenceException e) {
        throw new ExecutionException(e);
      }
      times.add((System.nanoTime() - started) / 1e6);
    }
    return times;
  }

  @Override
  public void close() {
    runners.forEach(NetworkRunner::close);
  }

  private void loop(NetworkRunner runner, List<byte[]> images, AtomicInteger next, int count)
      throws ImageException, InferenceException {
    int from;
    while ((from = next.getAndAdd(batch)) < count) {
      List<byte[]> some = new ArrayList<>(batch);
      for (int i = from; i < Math.min(from + batch, count); i++) {
        some.add(images.get(i % images.size()));
      }
      classify(runner, some);
    }
  }

  private void classify(NetworkRunner runner, List<byte[]> images)
      throws ImageException, InferenceException {
    List<byte[]> inputs = new ArrayList<>(images.size());
    for (byte[] image : images) {
      inputs.add(preprocessor.apply(decoder.decode(image)));
    }
    List<float[]> outputs;
    synchronized (runner) {
      outputs = runner.logits(inputs);
    }
    for (float[] logits : outputs) {
      labels.top(logits, TOP_K);
    }
  }
}
