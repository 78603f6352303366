package dev.phistream.inference;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.phistream.model.Int8Graph;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.OnnxFormat;
import dev.phistream.model.Op;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;

/** ONNX Runtime through DJL, on the CPU or, with its CUDA provider, on GPUs. */
public final class OnnxEngine implements InferenceEngine {
  /** Its name. */
  public static final String NAME = "onnxruntime";

  private static final String DJL_NAME = "OnnxRuntime";
  private static final String PREFIX = "network";

  private final int threads;
  private final GpuSettings gpu;
  private final GpuSupport gpus;

  private OnnxEngine(int threads, GpuSettings gpu, GpuSupport gpus) {
    this.threads = threads;
    this.gpu = gpu;
    this.gpus = gpus;
  }

  /**
   * Loads the native library.
   *
   * @param sideBySide runners that will run at the same time; the cores are divided among them
   * @param gpu how runners use GPUs
   * @throws ModelException when there is no native library for this machine
   */
  public static OnnxEngine start(int sideBySide, GpuSettings gpu) throws ModelException {
    // DJL would start a second engine, MXNet, for arithmetic that runners do not do.
    System.setProperty("ai.djl.onnx.disable_alternative", "true");
    // Threads that all sessions share, of which DJL makes one per core: ours have their own.
    System.setProperty("ai.djl.onnxruntime.num_threads", "1");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    // Its builds for Linux report to their maker from 1.29.0 on unless this is set before they
    // start, and match regular expressions to the command line meanwhile, with a recursion per
    // character: one of 5 kB overflows the stack, which ends the JVM without a word.
    NativeEnvironment.setDefaults(Map.of("ORT_DISABLE_TELEMETRY", "1"));
    try {
      Engine.getEngine(DJL_NAME);
      OrtEnvironment.getEnvironment().setTelemetry(false);
    } catch (EngineException | OrtException | LinkageError e) {
      throw new ModelException(
          "engine %s: its native library does not load on %s %s (expected: Linux on x86-64 or AArch64, Windows on x86-64, macOS on AArch64): %s"
              .formatted(
                  NAME,
                  System.getProperty("os.name"),
                  System.getProperty("os.arch"),
                  e.getMessage()),
          e);
    }
    return new OnnxEngine(
        Math.max(1, Runtime.getRuntime().availableProcessors() / sideBySide),
        gpu,
        gpus(
            OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA),
            CudaDriver::ask,
            OnnxEngine::cudaLoads));
  }

  /** The same for the CPU, or for single images on GPUs. */
  public static OnnxEngine start(int sideBySide) throws ModelException {
    return start(sideBySide, GpuSettings.upTo(1));
  }

  /** All GPUs, if the CUDA provider finds CUDA and cuDNN. */
  static GpuSupport gpus(boolean provider, Supplier<Gpus> driver, BooleanSupplier cudaLoads) {
    return new GpuSupport(
        provider,
        "ONNX Runtime's library of this build is for CPUs only; build with PHISTREAM_PROFILE=onnxruntime-cuda",
        driver,
        gpu -> cudaLoads.getAsBoolean(),
        "expected: the libraries of CUDA 12, from 12.8 on, and cuDNN 9 where the loader finds them, such as in LD_LIBRARY_PATH");
  }

  private static boolean cudaLoads() {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addCUDA();
      return true;
    } catch (OrtException e) {
      return false;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<ComputeDevice> devices() {
    return gpus.devices();
  }

  @Override
  public List<String> gpuObstacles() {
    return gpus.obstacles();
  }

  @Override
  public List<NetworkRunner> load(Model model, Op.InputType input, List<ComputeDevice> devices)
      throws ModelException {
    if (model.card().quantization() != null
        && devices.stream().anyMatch(device -> device.kind() == ComputeDevice.Kind.GPU)) {
      throw new ModelException(
          "model %s: precision int8 on %s (expected: the CPU; set device: cpu, or use the model it was made of)"
              .formatted(model.card().id(), devices));
    }
    int resolution = model.card().network().resolution();
    List<NetworkRunner> runners = new ArrayList<>();
    try {
      Path directory = Files.createTempDirectory("phistream-model-");
      try {
        Path file = directory.resolve(PREFIX + ".onnx");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
          OnnxFormat.write(Int8Graph.of(model, input), resolution, Map.of(), out);
        }
        for (ComputeDevice device : devices) {
          runners.add(load(file, resolution, input, device));
        }
      } finally {
        FileUtils.deleteDirectory(directory.toFile());
      }
      return List.copyOf(runners);
    } catch (IOException | MalformedModelException | EngineException | OrtException e) {
      runners.forEach(NetworkRunner::close);
      throw new ModelException(
          "model %s: ONNX Runtime cannot load it: %s".formatted(model.card().id(), cause(e)), e);
    }
  }

  /** Loads an ONNX model; the file may go when it has returned. */
  private NetworkRunner load(Path file, int resolution, Op.InputType input, ComputeDevice device)
      throws IOException, MalformedModelException, OrtException {
    PaddedBatches.Sessions sessions = () -> session(file, resolution, input, device);
    if (device.kind() == ComputeDevice.Kind.CPU) {
      return sessions.open();
    }
    // A limit is kept by each session for itself, so that under one there is only one.
    return gpu.memoryLimit().isPresent()
        ? PaddedBatches.withOneSession(gpu.maxBatch(), sessions)
        : PaddedBatches.withSessionEach(gpu.maxBatch(), sessions);
  }

  private NetworkRunner session(Path file, int resolution, Op.InputType input, ComputeDevice device)
      throws IOException, MalformedModelException, OrtException {
    // The CPU also for GPUs: DJL would add the CUDA provider without our settings, and tensors are
    // made in the machine's memory in any case.
    ai.djl.Model loaded = ai.djl.Model.newInstance(PREFIX, Device.cpu(), DJL_NAME);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      if (device.kind() == ComputeDevice.Kind.GPU) {
        addCuda(options, device.index());
      }
      loaded.load(
          file,
          PREFIX,
          Map.of(
              "sessionOptions",
              options,
              "intraOpNumThreads",
              String.valueOf(threads),
              "interOpNumThreads",
              "1",
              "optLevel",
              "ALL_OPT"));
      return new DjlRunner(loaded, resolution, input);
    } catch (IOException | MalformedModelException | OrtException | RuntimeException e) {
      loaded.close();
      throw e;
    }
  }

  private void addCuda(OrtSession.SessionOptions options, int index) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
      for (Map.Entry<String, String> option : cudaOptions(gpu).entrySet()) {
        cuda.add(option.getKey(), option.getValue());
      }
      options.addCUDA(cuda);
    }
  }

  /** Options of the CUDA provider. */
  static Map<String, String> cudaOptions(GpuSettings gpu) {
    Map<String, String> options = new LinkedHashMap<>();
    // By default the arena grows in powers of two and keeps up to half unused.
    options.put("arena_extend_strategy", "kSameAsRequested");
    // On by default: it rounds products to ten bits, and logits are off by 5e-3.
    options.put("use_tf32", gpu.tf32() ? "1" : "0");
    gpu.memoryLimit().ifPresent(limit -> options.put("gpu_mem_limit", String.valueOf(limit)));
    return options;
  }

  /** DJL says only that it failed; ONNX Runtime says why. */
  private static String cause(Exception e) {
    return String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
  }
}
