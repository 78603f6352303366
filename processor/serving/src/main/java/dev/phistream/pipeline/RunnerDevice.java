package dev.phistream.pipeline;

import dev.phistream.batching.BatchPredictor;
import dev.phistream.batching.BatchTooLargeException;
import dev.phistream.batching.Device;
import dev.phistream.batching.DeviceLostException;
import dev.phistream.batching.QueueKey;
import dev.phistream.inference.BrokenDeviceException;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.inference.TooLargeForDeviceException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A device with a runner of its own for each model, by the model's queue. Models come and go while
 * others run. Thread-safe.
 */
public final class RunnerDevice implements Device<byte[], float[]>, AutoCloseable {
  /**
   * A runner that has run every batch size.
   *
   * @param maxBatch the largest that fitted into the device
   * @param times what each batch took, by size
   */
  public record WarmRunner(NetworkRunner runner, int maxBatch, Map<Integer, Duration> times) {
    /** Copies the map. */
    public WarmRunner {
      times = Map.copyOf(times);
    }
  }

  /** A runner whose memory is never freed under a call: the call that runs then does it. */
  private static final class RunnerSlot {
    private final WarmRunner warm;
    private final ReentrantLock running = new ReentrantLock();
    private volatile boolean closing;
    private boolean closed;

    RunnerSlot(WarmRunner warm) {
      this.warm = warm;
    }

    List<float[]> logits(List<byte[]> images) throws InferenceException {
      running.lock();
      try {
        if (closed) {
          throw new IllegalStateException("the model was freed (expected: one that is loaded)");
        }
        return warm.runner().logits(images);
      } finally {
        running.unlock();
        closeIfAsked();
      }
    }

    void close() {
      closing = true;
      closeIfAsked();
    }

    private void closeIfAsked() {
      if (closing && running.tryLock()) {
        try {
          if (!closed) {
            closed = true;
            warm.runner().close();
          }
        } finally {
          running.unlock();
        }
      }
    }
  }

  private final String name;
  private final Map<QueueKey, RunnerSlot> places = new ConcurrentHashMap<>();

  /**
   * Creates a device without models.
   *
   * @param name such as {@code cpu} or {@code gpu:0}
   */
  public RunnerDevice(String name) {
    this.name = name;
  }

  /** Adds a model's runner, which is closed with the device at the latest. */
  public void add(QueueKey queue, WarmRunner runner) {
    if (places.putIfAbsent(queue, new RunnerSlot(runner)) != null) {
      throw new IllegalStateException(queue + " is on " + name + " already (expected: once)");
    }
  }

  /** Frees a model, or has the call that is running free it; does nothing if there is none. */
  public void remove(QueueKey queue) {
    RunnerSlot place = places.remove(queue);
    if (place != null) {
      place.close();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public BatchPredictor<byte[], float[]> predictor(QueueKey queue) {
    RunnerSlot place = places.get(queue);
    if (place == null) {
      throw new IllegalArgumentException(
          "model: %s (expected: one of %s)".formatted(queue, places.keySet()));
    }
    return images -> {
      try {
        return place.logits(images);
      } catch (TooLargeForDeviceException e) {
        throw new BatchTooLargeException(String.valueOf(e.getMessage()), e);
      } catch (BrokenDeviceException e) {
        throw new DeviceLostException(name + " is lost: " + e.getMessage(), e);
      }
    };
  }

  @Override
  public int maxBatch(QueueKey queue) {
    RunnerSlot place = places.get(queue);
    return place == null ? 1 : place.warm.maxBatch();
  }

  @Override
  public int padded(QueueKey queue, int items) {
    RunnerSlot place = places.get(queue);
    return place == null ? items : place.warm.runner().padded(items);
  }

  @Override
  public Map<Integer, Duration> measured(QueueKey queue) {
    RunnerSlot place = places.get(queue);
    return place == null ? Map.of() : place.warm.times();
  }

  @Override
  public void close() {
    places.keySet().forEach(this::remove);
  }
}
