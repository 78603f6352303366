package dev.phistream.lab;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.app.CommandRun;
import dev.phistream.drawing.Accuracy;
import dev.phistream.image.Preprocessing;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.model.Quantization;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of 8-bit integers is made, served, and nearly as right as the one that it is made of. */
class ModelsQuantizeCommandTest {
  /** Seed and number of the images of the bundled models' cards. */
  private static final long HELD_OUT = 2_000_002;

  private static final int IMAGES = 2000;
  private static final double LOSS = 0.01;

  @TempDir static Path repository;
  private static CommandRun run;

  @BeforeAll
  static void quantize_a_bundled_model() {
    run = quantize("phi-7", "--images", "synthetic", "--out", "phi-7-int8");
  }

  @Test
  void the_card_says_so_and_keeps_the_ranges() throws Exception {
    assertThat(run.err()).isEmpty();
    assertThat(run.lines()).singleElement().asString().startsWith("phi-7-int8  phi-7, 84 × 84");
    Quantization quantization = requireNonNull(quantized().card().quantization());
    assertThat(quantization.precision()).isEqualTo("int8");
    assertThat(quantization.ranges()).containsKeys("normalise", "conv_stem", "conv_head");
  }

  @Test
  void it_is_at_most_one_point_less_accurate() throws Exception {
    double floats = accuracy(requireNonNull(ModelDirectory.bundled("phi-7")).load());
    double integers = accuracy(quantized());

    assertThat(integers).isGreaterThan(floats - LOSS);
  }

  @Test
  void its_logits_are_not_those_of_floats() throws Exception {
    byte[] grey = new byte[3 * 84 * 84];

    assertThat(logits(quantized(), Op.InputType.PIXELS, grey))
        .isNotEqualTo(
            logits(
                requireNonNull(ModelDirectory.bundled("phi-7")).load(), Op.InputType.PIXELS, grey));
  }

  @Test
  void pixels_that_are_normalised_already_give_the_same_logits() throws Exception {
    Model model = quantized();
    Preprocessing preprocessing = model.card().preprocessing();
    int area = 84 * 84;
    byte[] pixels = new byte[3 * area];
    new Random(1).nextBytes(pixels);
    ByteBuffer normalised =
        ByteBuffer.allocate(pixels.length * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < pixels.length; i++) {
      float mean = preprocessing.mean().get(i / area);
      normalised.putFloat(((pixels[i] & 0xff) / 255f - mean) / preprocessing.std().get(i / area));
    }

    // A value on the border between two levels may fall on either side.
    assertThat(logits(model, Op.InputType.NORMALISED, normalised.array()))
        .containsExactly(logits(model, Op.InputType.PIXELS, pixels), offset(0.5f));
  }

  @Test
  void the_same_images_give_the_same_card() throws Exception {
    quantize("phi-7", "--images", "synthetic", "--out", "again");

    assertThat(ModelDirectory.on(repository.resolve("again")).card().quantization())
        .isEqualTo(quantized().card().quantization());
  }

  @Test
  void mxnet_refuses_it() throws Exception {
    Model model = quantized();

    assertThatThrownBy(
            () -> Engines.start("mxnet", 1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "model phi-7-int8: precision int8 on engine mxnet (expected: engine onnxruntime, or the"
                + " model it was made of)");
  }

  @Test
  void a_range_that_is_missing_is_named() throws Exception {
    Path model = repository.resolve("phi-7-int8");
    Path broken = Files.createDirectory(repository.resolve("broken"));
    for (String file : List.of("model.safetensors", "labels.txt")) {
      Files.copy(model.resolve(file), broken.resolve(file));
    }
    Files.writeString(
        broken.resolve("model.json"),
        Files.readString(model.resolve("model.json")).replace("\"conv_head\"", "\"other\""));
    Model loaded = ModelDirectory.on(broken).load();

    assertThatThrownBy(
            () ->
                Engines.start("onnxruntime", 1)
                    .load(loaded, Op.InputType.PIXELS, ComputeDevice.CPU))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("range of conv_head: missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nix --images synthetic --out a",
        "phi-7 --images nowhere --out a",
        "phi-7 --images synthetic --out a --count 0",
        "phi-7-int8 --images synthetic --out a",
        "phi-7 --images synthetic --out ../a",
      })
  void bad_input_is_told_in_one_line(String line) {
    CommandRun bad = quantize(line.split(" "));

    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.err()).startsWith("phistream: ").contains("expected: ").hasLineCount(1);
    assertThat(repository.resolve("a")).doesNotExist();
  }

  private static Model quantized() throws ModelException {
    return ModelDirectory.on(repository.resolve("phi-7-int8")).load();
  }

  private static double accuracy(Model model) throws Exception {
    Preprocessing preprocessing = model.card().preprocessing();
    try (NetworkRunner runner =
        Engines.start("onnxruntime", 1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      return Accuracy.measure(runner, preprocessing, HELD_OUT, IMAGES).share();
    }
  }

  private static float[] logits(Model model, Op.InputType input, byte[] image) throws Exception {
    try (NetworkRunner runner =
        Engines.start("onnxruntime", 1).load(model, input, ComputeDevice.CPU)) {
      return runner.logits(List.of(image)).get(0);
    }
  }

  private static CommandRun quantize(String... arguments) {
    String[] line = new String[arguments.length + 4];
    line[0] = "models";
    line[1] = "quantize";
    System.arraycopy(arguments, 0, line, 2, arguments.length);
    line[line.length - 2] = "--models";
    line[line.length - 1] = repository.toString();
    return LaboratoryRun.of(line);
  }
}
