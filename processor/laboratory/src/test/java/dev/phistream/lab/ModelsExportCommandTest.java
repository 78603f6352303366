package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import dev.phistream.app.CommandRun;
import dev.phistream.bench.BareOnnx;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.Op;
import dev.phistream.testkit.TinyModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported runs elsewhere, and gives what the model gives here. */
class ModelsExportCommandTest {
  private static final float TOLERANCE = 1e-3f;

  @TempDir static Path repository;
  private static int size;

  @TempDir Path folder;

  @BeforeAll
  static void write_a_model() throws Exception {
    size = TinyModels.write(repository, "tiny", -8).preprocessing().size();
  }

  @Test
  void onnx_runs_on_bare_onnx_runtime() throws Exception {
    CommandRun run = export("--format", "onnx", "--out", folder.resolve("new/folder"));

    Path file = folder.resolve("new/folder/tiny.onnx");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .containsExactly(
            file.toString(),
            "input   data: N×3×%d×%d uint8, planes red, green, blue, values 0 to 255"
                .formatted(size, size),
            "output  logits: N×3 float32, before softmax");
    byte[] image = image();
    ByteBuffer batch = ByteBuffer.allocateDirect(2 * image.length).order(ByteOrder.nativeOrder());
    batch.put(new byte[image.length]).put(image).flip();
    try (BareOnnx bare = BareOnnx.open(file, size, 1)) {
      assertThat(bare.logits(batch, 2)[1]).containsExactly(expected(image), offset(TOLERANCE));
    }
  }

  @Test
  void the_mxnet_files_load_by_name() throws Exception {
    CommandRun run = export("--format", "mxnet", "--out", folder);

    assertThat(run.code()).isZero();
    assertThat(run.lines().subList(0, 2))
        .containsExactly(
            folder.resolve("tiny-0000.params").toString(),
            folder.resolve("tiny-symbol.json").toString());
    byte[] image = image();
    try (ai.djl.Model model = ai.djl.Model.newInstance("tiny", Device.cpu(), "MXNet");
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "MXNet")) {
      model.load(folder, "tiny");
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
        NDList input =
            new NDList(
                manager.create(
                    ByteBuffer.wrap(image), new Shape(1, 3, size, size), DataType.UINT8));
        assertThat(predictor.predict(input).singletonOrThrow().toFloatArray())
            .containsExactly(expected(image), offset(TOLERANCE));
      }
    }
  }

  @Test
  void a_file_of_its_own_name_is_written_and_replaced_and_nothing_else_is_left() throws Exception {
    Path file = Files.writeString(folder.resolve("mine.onnx"), "old");

    CommandRun run = export("--format", "onnx", "--out", file, "--input", "normalised");

    assertThat(run.code()).isZero();
    assertThat(run.lines().get(1))
        .contains("float32")
        .contains("mean [0.485, 0.456, 0.406] and std [0.229, 0.224, 0.225]");
    assertThat(Files.size(file)).isGreaterThan(1000);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void what_is_in_the_way_is_named_in_one_line() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");

    CommandRun run = export("--format", "mxnet", "--out", file);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("phistream: " + file + ": not writable: ").hasLineCount(1);
    assertThat(file).hasContent("in the way");
  }

  @Test
  void a_model_that_is_not_there_is_named_in_one_line() {
    CommandRun run = LaboratoryRun.of("models", "export", "nix", "--format", "onnx", "--out", ".");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("phistream: model nix: not found").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models",
        "models export",
        "models export phi-7",
        "models export phi-7 --format onnx",
        "models export phi-7 --format torch --out .",
        "models export phi-7 --format onnx --out . --input grey",
      })
  void misuse_is_told_with_the_usage_and_code_2(String line) {
    CommandRun run = LaboratoryRun.of(line.split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("Usage: phistream models");
  }

  private static CommandRun export(Object... arguments) {
    return LaboratoryRun.of(
        Stream.concat(
                Stream.of("models", "export", "tiny", "--models", repository), Stream.of(arguments))
            .map(Object::toString)
            .toArray(String[]::new));
  }

  private static byte[] image() {
    byte[] image = new byte[3 * size * size];
    new Random(4).nextBytes(image);
    return image;
  }

  private static float[] expected(byte[] image) throws Exception {
    try (NetworkRunner runner =
        Engines.start("mxnet", 1)
            .load(
                ModelDirectory.on(repository.resolve("tiny")).load(),
                Op.InputType.PIXELS,
                ComputeDevice.CPU)) {
      return runner.logits(List.of(image)).get(0);
    }
  }
}
