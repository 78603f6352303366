package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThatCode;

import ai.djl.Device;
import dev.phistream.model.InferenceGraph;
import dev.phistream.model.Model;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.MxnetFormat;
import dev.phistream.model.OneDnnGraph;
import dev.phistream.model.Op;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that take turns on one device, as variants do, with micro-batches of all sizes. */
class EnginesTakeTurnsTest {
  private static final int BATCHES = 200;
  private static final int LARGEST = 8;

  private interface Loading {
    NetworkRunner load(Model model) throws Exception;
  }

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"mxnet", "onnxruntime"})
  void no_micro_batch_fails_when_models_take_turns(String name) throws Exception {
    InferenceEngine engine = Engines.start(name, 1);
    takeTurns(model -> engine.load(model, Op.InputType.PIXELS, ComputeDevice.CPU));
  }

  /** Failed for one micro-batch in ten while MXNet fused linear layers. */
  @Test
  void no_micro_batch_fails_when_mxnet_changes_its_plan_each_time() throws Exception {
    Engines.start("mxnet", 1);
    takeTurns(this::runnerOfAllSizes);
  }

  private NetworkRunner runnerOfAllSizes(Model model) throws Exception {
    int resolution = model.card().network().resolution();
    String name = model.card().id();
    MxnetFormat.write(
        OneDnnGraph.of(InferenceGraph.of(model, Op.InputType.PIXELS), resolution), directory, name);
    ai.djl.Model loaded = ai.djl.Model.newInstance(name, Device.cpu(), "MXNet");
    loaded.load(directory, name, Map.of("MxOptimizeFor", "MKLDNN"));
    return new DjlRunner(loaded, resolution, Op.InputType.PIXELS);
  }

  private static void takeTurns(Loading loading) throws Exception {
    List<Model> models = new ArrayList<>();
    List<NetworkRunner> runners = new ArrayList<>();
    try {
      for (String id : List.of("phi-11", "phi-9")) {
        Model model = Objects.requireNonNull(ModelDirectory.bundled(id)).load();
        models.add(model);
        runners.add(loading.load(model));
      }
      Random random = new Random(1);
      for (int i = 0; i < BATCHES; i++) {
        int turn = random.nextInt(models.size());
        int resolution = models.get(turn).card().network().resolution();
        List<byte[]> batch =
            Stream.generate(() -> new byte[3 * resolution * resolution])
                .limit(1 + random.nextInt(LARGEST))
                .toList();

        assertThatCode(() -> runners.get(turn).logits(batch))
            .as("batch %d of %d", i, batch.size())
            .doesNotThrowAnyException();
      }
    } finally {
      runners.forEach(NetworkRunner::close);
    }
  }
}
