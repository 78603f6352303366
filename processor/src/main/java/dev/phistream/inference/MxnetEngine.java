package dev.phistream.inference;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import dev.phistream.model.InferenceGraph;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.MxnetFormat;
import dev.phistream.model.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/** MXNet 1.9 through DJL, on the CPU. */
public final class MxnetEngine implements InferenceEngine {
  /** Its name. */
  public static final String NAME = "mxnet";

  private static final String PREFIX = "network";

  /** DJL's option that lets oneDNN fuse convolutions with what follows them. */
  private static final Map<String, String> LOAD_OPTIONS = Map.of("MxOptimizeFor", "MKLDNN");

  private MxnetEngine() {}

  /**
   * Loads the native library.
   *
   * @param sideBySide runners that will run at the same time; the cores are divided among them. The
   *     first engine of a process decides, for the library reads its settings only once.
   * @throws ModelException when there is no native library for this machine
   */
  public static MxnetEngine start(int sideBySide) throws ModelException {
    prepare(sideBySide);
    try {
      Engine.getEngine("MXNet");
    } catch (EngineException | UnsatisfiedLinkError e) {
      throw new ModelException(
          "engine mxnet: its native library does not load on %s %s (expected: Linux or macOS on x86-64): %s"
              .formatted(
                  System.getProperty("os.name"), System.getProperty("os.arch"), e.getMessage()),
          e);
    }
    return new MxnetEngine();
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
            // Its blocked layout is cheaper to leave than that of AVX-512, and swish must leave it.
            "DNNL_MAX_CPU_ISA",
            "AVX2",
            // Runners that are dealt the same work space run one after the other; by default there
            // are four.
            "MXNET_CPU_TEMP_COPY",
            "64"));
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
    return List.of(ComputeDevice.CPU);
  }

  @Override
  public NetworkRunner load(Model model, Op.InputType input, ComputeDevice device)
      throws ModelException {
    ai.djl.Model loaded = ai.djl.Model.newInstance(PREFIX, Device.cpu(), "MXNet");
    try {
      Path directory = Files.createTempDirectory("phistream-model-");
      try {
        MxnetFormat.write(
            InferenceGraph.of(
                model.card().network(),
                model.weights(),
                model.card().conventions(),
                model.card().preprocessing(),
                input),
            directory,
            PREFIX);
        loaded.load(directory, PREFIX, LOAD_OPTIONS);
      } finally {
        FileUtils.deleteDirectory(directory.toFile());
      }
      return new DjlRunner(loaded, model.card().network().resolution(), input);
    } catch (IOException | MalformedModelException | EngineException e) {
      loaded.close();
      throw new ModelException(
          "model %s: MXNet cannot load it: %s".formatted(model.card().id(), e.getMessage()), e);
    }
  }
}
