package dev.phistream.weights;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.image.Preprocessing;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Architecture;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.Scaling;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import dev.phistream.repository.NamedNetwork;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small MobileNetV1s that {@code src/test/python/tflite_fixtures.py} wrote. */
class TfliteFileTest {
  private static final int SIDE = 32;
  private static final int CLASSES = 1000;
  private static final Scaling TINY = new Scaling(0.02, 1, SIDE);

  private static final NamedNetwork NETWORK =
      new NamedNetwork("tiny", Architecture.MOBILENET_V1, TINY);

  @ParameterizedTest
  @ValueSource(strings = {"float", "half", "uint8", "int8"})
  void logits_are_those_of_the_dequantised_weights(String name) throws Exception {
    TfliteFile.Found found = read(name);

    assertThat(found.size()).isEqualTo(SIDE);
    JsonNode expected = expected().path("logits").path(name);
    for (String engine : Engines.NAMES) {
      float[] logits = logits(engine, found);
      assertThat(logits).hasSize(CLASSES);
      for (int i = 0; i < expected.size(); i++) {
        assertThat((double) logits[i])
            .as("%s, logit %d", engine, i)
            .isCloseTo(expected.path(i).doubleValue(), offset(1e-4));
      }
    }
  }

  @Test
  void a_first_class_background_is_left_out() throws Exception {
    TfliteFile.Found found = read("float");

    assertThat(found.background()).isTrue();
    assertThat(requireNonNull(found.tensors().get("classifier.bias")).shape())
        .containsExactly(CLASSES);
  }

  @Test
  void an_input_of_pixels_tells_the_normalisation() throws Exception {
    assertThat(read("uint8").mean()).isCloseTo(128 / 255.0, offset(1e-6));
    assertThat(read("uint8").std()).isCloseTo(128 / 255.0, offset(1e-6));
    assertThat(read("float").mean()).isNull();
  }

  @Test
  void another_network_is_refused_with_its_shapes() throws Exception {
    assertThatThrownBy(() -> TfliteFile.read(bytes("float"), "float.tflite", List.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("float.tflite: 28 convolutions of [8, 3, 3, 3], then [8, 1, 3, 3]")
        .hasMessageContaining("expected: ");
  }

  @Test
  void damaged_files_are_refused_or_read_and_nothing_else() throws Exception {
    byte[] whole = bytes("int8");
    Random random = new Random(22);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged =
          i % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      for (int flips = 0; flips < 4 && damaged.length > 0; flips++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        TfliteFile.read(damaged, "damaged", List.of(NETWORK));
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining("expected: ");
      }
    }
  }

  private static float[] logits(String engine, TfliteFile.Found found) throws Exception {
    ModelCard card =
        new ModelCard(
            "tiny",
            "tiny",
            Architecture.MOBILENET_V1.name(),
            TINY,
            CLASSES,
            new WeightConventions(Padding.SAME, TfliteFile.BN_EPS),
            Preprocessing.imagenet(SIDE, 1),
            "",
            null);
    Model model =
        new Model(
            card,
            Collections.nCopies(CLASSES, "class"),
            Weights.of(card.network(), found.tensors(), "found"));
    try (NetworkRunner runner =
        Engines.start(engine, 1).load(model, Op.InputType.NORMALISED, ComputeDevice.CPU)) {
      return runner.logits(List.of(image())).get(0);
    }
  }

  private static byte[] image() {
    ByteBuffer bytes =
        ByteBuffer.allocate(3 * SIDE * SIDE * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < 3 * SIDE * SIDE; i++) {
      int channel = i / (SIDE * SIDE);
      int row = i / SIDE % SIDE;
      int column = i % SIDE;
      bytes.putFloat(
          (float) (Math.sin(0.3 * column * (channel + 1)) + Math.cos(0.2 * row + channel)));
    }
    return bytes.array();
  }

  private static TfliteFile.Found read(String name) throws Exception {
    return TfliteFile.read(bytes(name), name + ".tflite", List.of(NETWORK));
  }

  private static byte[] bytes(String name) throws Exception {
    return Files.readAllBytes(WeightFilesTest.resource(name + ".tflite"));
  }

  private static JsonNode expected() throws Exception {
    try (InputStream json = TfliteFileTest.class.getResourceAsStream("/weights/tflite.json")) {
      return new ObjectMapper().readTree(json);
    }
  }
}
