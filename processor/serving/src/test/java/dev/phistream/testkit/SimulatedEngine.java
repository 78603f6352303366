package dev.phistream.testkit;

import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.inference.TooLargeForDeviceException;
import dev.phistream.model.Model;
import dev.phistream.model.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * An engine on devices that are not there. Each holds so many images at once and no more; it writes
 * down the size of every batch that it ran. Logits depend on the image and the weights.
 */
public final class SimulatedEngine implements InferenceEngine {
  private final Map<ComputeDevice, Integer> memory = new ConcurrentHashMap<>();
  private final Map<ComputeDevice, List<Integer>> ran = new ConcurrentHashMap<>();
  private final List<ComputeDevice> devices;
  private final List<String> obstacles;
  private final Set<String> broken = ConcurrentHashMap.newKeySet();
  private final List<NetworkRunner> open = Collections.synchronizedList(new ArrayList<>());
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean padding;
  private int loads;

  private SimulatedEngine(List<ComputeDevice> devices, List<String> obstacles) {
    this.devices = List.copyOf(devices);
    this.obstacles = List.copyOf(obstacles);
  }

  /** One with GPUs {@code 0 … gpus - 1} and the CPU, all with endless memory. */
  public static SimulatedEngine withGpus(int gpus, String... obstacles) {
    List<ComputeDevice> devices = new ArrayList<>();
    for (int i = 0; i < gpus; i++) {
      devices.add(ComputeDevice.gpu(i));
    }
    devices.add(ComputeDevice.CPU);
    return new SimulatedEngine(devices, List.of(obstacles));
  }

  /** From now on, {@code device} holds this many images at once. */
  public SimulatedEngine memory(ComputeDevice device, int images) {
    memory.put(device, images);
    return this;
  }

  /** From now on, its batches are padded to powers of two. */
  public SimulatedEngine padding() {
    padding = true;
    return this;
  }

  /** Sizes of the batches that ran on a device, in order. */
  public List<Integer> ran(ComputeDevice device) {
    return ran.computeIfAbsent(device, d -> Collections.synchronizedList(new ArrayList<>()));
  }

  /** From now on, batches wait for as many others that run at the same time on other devices. */
  public void meet(int batches) {
    gate = new CountDownLatch(batches);
  }

  /** From now on, this model computes nothing but NaN. */
  public void breakModel(String id) {
    broken.add(id);
  }

  /** Calls of load. */
  public int loads() {
    return loads;
  }

  /** Runners that nobody has closed. */
  public int open() {
    return open.size();
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public List<ComputeDevice> devices() {
    return devices;
  }

  @Override
  public List<String> gpuObstacles() {
    return obstacles;
  }

  @Override
  public List<NetworkRunner> load(Model model, Op.InputType input, List<ComputeDevice> places) {
    loads++;
    return places.stream().map(place -> runner(model, place)).toList();
  }

  private float[] answer(Model model, byte[] image) {
    int seed = Arrays.hashCode(image) + model.card().weightsDigest().hashCode();
    float[] logits = new float[model.labels().size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = broken.contains(model.card().id()) ? Float.NaN : Math.floorMod(seed >> i, 1000);
    }
    return logits;
  }

  private NetworkRunner runner(Model model, ComputeDevice place) {
    NetworkRunner runner =
        new NetworkRunner() {
          @Override
          public List<float[]> logits(List<byte[]> images) throws TooLargeForDeviceException {
            CountDownLatch together = gate;
            together.countDown();
            try {
              together.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            if (images.size() > memory.getOrDefault(place, Integer.MAX_VALUE)) {
              throw new TooLargeForDeviceException("out of simulated memory", new Exception());
            }
            ran(place).add(images.size());
            return images.stream().map(image -> answer(model, image)).toList();
          }

          @Override
          public int padded(int images) {
            return padding && images > 1 ? 2 * Integer.highestOneBit(images - 1) : images;
          }

          @Override
          public void close() {
            open.remove(this);
          }
        };
    open.add(runner);
    return runner;
  }
}
