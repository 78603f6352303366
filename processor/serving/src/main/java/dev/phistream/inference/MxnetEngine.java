package dev.phistream.inference;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import dev.phistream.model.Graph;
import dev.phistream.model.InferenceGraph;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.MxnetFormat;
import dev.phistream.model.NetworkCut;
import dev.phistream.model.OneDnnGraph;
import dev.phistream.model.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MXNet 1.9 through DJL, on the CPU or, with its CUDA library, on GPUs. */
public final class MxnetEngine implements InferenceEngine {
  /** Its name. */
  public static final String NAME = "mxnet";

  private static final String PREFIX = "network";

  /** DJL's option that lets oneDNN fuse convolutions with what follows them. */
  private static final Map<String, String> CPU_OPTIONS = Map.of("MxOptimizeFor", "MKLDNN");

  /** Multiply-adds of a image from which on a network's maps fill the cache sooner. */
  private static final long LARGE = 100_000_000;

  private static final Logger log = LoggerFactory.getLogger(MxnetEngine.class);

  private final GpuSupport gpus;
  private final boolean oneDnn;

  private MxnetEngine(GpuSupport gpus, boolean oneDnn) {
    this.gpus = gpus;
    this.oneDnn = oneDnn;
  }

  /**
   * Loads the native library.
   *
   * @param sideBySide runners that will run at the same time; the cores are divided among them. The
   *     first engine of a process decides, for the library reads its settings only once.
   * @throws ModelException when there is no native library for this machine
   */
  public static MxnetEngine start(int sideBySide) throws ModelException {
    prepare(sideBySide);
    Engine engine;
    try {
      engine = Engine.getEngine("MXNet");
    } catch (EngineException | UnsatisfiedLinkError e) {
      throw new ModelException(
          "engine mxnet: its native library does not load on %s %s (expected: Linux or macOS on x86-64; built with mxnet-cuda, also CUDA 11.2, cuDNN 8 and NCCL 2): %s"
              .formatted(
                  System.getProperty("os.name"), System.getProperty("os.arch"), e.getMessage()),
          e);
    }
    GpuSupport gpus = gpus(engine.hasCapability(StandardCapabilities.CUDA), CudaDriver::ask);
    MxnetEngine plain = new MxnetEngine(gpus, false);
    MxnetEngine oneDnn = new MxnetEngine(gpus, true);
    // Another build of MXNet, or one with oneDNN switched off, would compute something else.
    if (EngineProbe.agree(oneDnn, plain)) {
      return oneDnn;
    }
    log.warn(
        "engine mxnet: this library does not run the graph for oneDNN; CPUs run the plain one, at a"
            + " third of the speed (expected: mxnet-native-mkl 1.9.1 and no"
            + " MXNET_MKLDNN_ENABLED=0)");
    return plain;
  }

  /** The GPUs that MXNet's CUDA 11.2 library has code for. */
  static GpuSupport gpus(boolean cuda, Supplier<Gpus> driver) {
    return new GpuSupport(
        cuda,
        "MXNet's library of this build is for CPUs only; build with PHISTREAM_PROFILE=mxnet-cuda",
        driver,
        gpu -> gpu.capability() >= 50 && gpu.capability() <= 80,
        "expected: compute capability 5.0 to 8.0; use engine onnxruntime, built with"
            + " PHISTREAM_PROFILE=onnxruntime-cuda");
  }

  /**
   * Sets what MXNet reads from the environment when it is loaded; measured in {@code
   * docs/performance}.
   */
  public static void prepare(int sideBySide) {
    int cores = Runtime.getRuntime().availableProcessors();
    NativeEnvironment.setDefaults(
        Map.of(
            "OMP_NUM_THREADS",
            String.valueOf(Math.max(1, cores / sideBySide)),
            "MXNET_CPU_WORKER_NTHREADS",
            String.valueOf(sideBySide),
            // Runners that are dealt the same work space run one after the other; by default there
            // are four.
            "MXNET_CPU_TEMP_COPY",
            "64",
            // Memory is kept by size, and each batch size needs others: rounded up to powers of
            // two,
            // the sizes can share it.
            "MXNET_GPU_MEM_POOL_TYPE",
            "Round",
            // Per cent that the pool leaves free, for cuDNN's tuning takes its own.
            "MXNET_GPU_MEM_POOL_RESERVE",
            "10",
            // By default cuDNN 8 rounds products to ten bits where the GPU can.
            "NVIDIA_TF32_OVERRIDE",
            "0"));
    // DJL must never look for a native library elsewhere than on the class path.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
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
    if (model.card().quantization() != null) {
      throw new ModelException(
          "model %s: precision int8 on engine %s (expected: engine %s, or the model it was made of)"
              .formatted(model.card().id(), NAME, OnnxEngine.NAME));
    }
    List<NetworkRunner> runners = new ArrayList<>();
    int resolution = model.card().network().resolution();
    int part = partOf(model.card().network().flops());
    try {
      Path directory = Files.createTempDirectory("phistream-model-");
      try {
        Graph graph = InferenceGraph.of(model, input);
        for (ComputeDevice device : devices) {
          Path place = written(graph, resolution, device, directory);
          runners.add(
              device.kind() == ComputeDevice.Kind.GPU
                  ? new DjlRunner(loaded(place, device), resolution, input)
                  : fixedBatches(place, part, resolution, input));
        }
      } finally {
        FileUtils.deleteDirectory(directory.toFile());
      }
      return List.copyOf(runners);
    } catch (IOException | MalformedModelException | EngineException e) {
      runners.forEach(NetworkRunner::close);
      throw new ModelException(
          "model %s: MXNet cannot load it: %s".formatted(model.card().id(), e.getMessage()), e);
    }
  }

  /**
   * Brings the layers below a cut into the CPU's memory. The runner answers with what they make of
   * an image, channels × side × side values, instead of logits.
   *
   * @param cut of the model's network, with at least one layer below it
   * @throws ModelException when MXNet cannot run them
   */
  public NetworkRunner loadBelow(Model model, NetworkCut cut) throws ModelException {
    int resolution = model.card().network().resolution();
    int part = partOf(model.card().network().flops() - cut.flopsAbove());
    try {
      Path directory = Files.createTempDirectory("phistream-model-");
      try {
        Graph graph = InferenceGraph.below(cut, model, Op.InputType.PIXELS);
        Path place = written(graph, resolution, ComputeDevice.CPU, directory);
        return new FirstValues(
            fixedBatches(place, part, resolution, Op.InputType.PIXELS), cut.values());
      } finally {
        FileUtils.deleteDirectory(directory.toFile());
      }
    } catch (IOException | MalformedModelException | EngineException e) {
      throw new ModelException(
          "model %s: MXNet cannot load its lower layers: %s"
              .formatted(model.card().id(), e.getMessage()),
          e);
    }
  }

  /** Leaves off the channels that were added for oneDNN. */
  private record FirstValues(NetworkRunner runner, int count) implements NetworkRunner {
    @Override
    public List<float[]> logits(List<byte[]> images) throws InferenceException {
      return runner.logits(images).stream()
          .map(values -> values.length == count ? values : Arrays.copyOf(values, count))
          .toList();
    }

    @Override
    public void close() {
      runner.close();
    }
  }

  /**
   * How many images of a micro-batch a CPU computes at once: of large networks two, whose maps stay
   * in its cache; small ones would lose a fifth so. Measured in {@code docs/performance}.
   */
  static int partOf(long flops) {
    return flops < LARGE ? 4 : 2;
  }

  private static NetworkRunner fixedBatches(
      Path place, int part, int resolution, Op.InputType input)
      throws IOException, MalformedModelException {
    NetworkRunner parts = new DjlRunner(loaded(place, ComputeDevice.CPU), resolution, input);
    try {
      return new FixedBatches(
          parts, part, new DjlRunner(loaded(place, ComputeDevice.CPU), resolution, input));
    } catch (IOException | MalformedModelException | EngineException e) {
      parts.close();
      throw e;
    }
  }

  /** Where the graph for a device is; writes it the first time. */
  private Path written(Graph graph, int resolution, ComputeDevice device, Path directory)
      throws IOException {
    boolean rewritten = oneDnn && device.kind() == ComputeDevice.Kind.CPU;
    Path place = directory.resolve(rewritten ? "onednn" : "plain");
    if (!Files.exists(place)) {
      Files.createDirectory(place);
      MxnetFormat.write(rewritten ? OneDnnGraph.of(graph, resolution) : graph, place, PREFIX);
    }
    return place;
  }

  private static ai.djl.Model loaded(Path directory, ComputeDevice device)
      throws IOException, MalformedModelException {
    boolean gpu = device.kind() == ComputeDevice.Kind.GPU;
    ai.djl.Model loaded =
        ai.djl.Model.newInstance(PREFIX, gpu ? Device.gpu(device.index()) : Device.cpu(), "MXNet");
    try {
      loaded.load(directory, PREFIX, gpu ? Map.of() : CPU_OPTIONS);
      return loaded;
    } catch (IOException | MalformedModelException | EngineException e) {
      loaded.close();
      throw e;
    }
  }
}
