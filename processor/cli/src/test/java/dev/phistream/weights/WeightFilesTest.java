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
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import dev.phistream.repository.NamedNetwork;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small files as other programs write them; {@code src/test/python/weight_fixtures.py} wrote these,
 * with the logits that the other programs compute.
 */
class WeightFilesTest {
  private static final int SIDE = 40;
  private static final int CLASSES = 5;
  private static final Scaling TINY = new Scaling(0.1, 0.1, SIDE);

  private static final NamedNetwork B =
      new NamedNetwork("tiny b", Architecture.EFFICIENT_NET, TINY);
  private static final NamedNetwork V2 =
      new NamedNetwork("tiny v2", Architecture.EFFICIENT_NET_V2_S, TINY);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "efficientnet-pytorch.pth, EfficientNet-PyTorch, SAME, 1e-3, same",
    "transformers.safetensors, transformers, SAME, 1e-3, same",
    "keras.h5, Keras, SAME, 1e-3, same",
    "model.keras, Keras, SAME, 1e-3, same",
    "torchvision.pth, torchvision, SYMMETRIC, 1e-5, symmetric",
    "torchvision-v2.pth, torchvision, SYMMETRIC, 1e-3, fused",
  })
  void logits_are_those_of_the_program_that_wrote_the_file(
      String file, String program, Padding padding, double eps, String expected) throws Exception {
    Converter.Converted converted = convert(resource(file)).orElseThrow();

    assertThat(converted.naming().label()).isEqualTo(program);
    NamedNetwork network = expected.equals("fused") ? V2 : B;
    assertThat(converted.network()).isEqualTo(network);
    for (String engine : Engines.NAMES) {
      float[] logits =
          logits(engine, network, converted.tensors(), new WeightConventions(padding, eps));

      JsonNode theirs = expected().path("logits").path(expected);
      assertThat(logits).hasSize(CLASSES);
      for (int i = 0; i < CLASSES; i++) {
        assertThat((double) logits[i])
            .as("%s, logit %d", engine, i)
            .isCloseTo(theirs.path(i).doubleValue(), offset(1e-3));
      }
    }
  }

  @Test
  void a_pickle_that_calls_a_function_is_refused_and_does_not_call_it() throws Exception {
    assertThatThrownBy(() -> read(resource("calls-a-command.pth")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("it calls posix.system (expected: only tensors and dictionaries");
    assertThat(Path.of("executed")).doesNotExist();
  }

  @Test
  void a_network_that_no_candidate_is_names_the_first_tensor_that_is_wrong() throws Exception {
    Map<String, Tensor> tensors = read(resource("torchvision.pth"));

    assertThatThrownBy(() -> new Converter(tensors, "file").convert(List.of(V2)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("file: tensor features.")
        .hasMessageContaining("as in tiny v2");
  }

  @Test
  void tensors_that_no_program_is_known_for_are_left_to_others() throws Exception {
    Map<String, Tensor> tensors = Map.of("conv1.weight", Tensor.vector(1));

    assertThat(new Converter(tensors, "file").convert(List.of(B, V2))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "efficientnet-pytorch.pth",
        "torchvision.pth",
        "transformers.safetensors",
        "keras.h5",
        "model.keras"
      })
  void a_file_that_is_cut_off_anywhere_is_refused_in_words(String file) throws Exception {
    byte[] whole = Files.readAllBytes(resource(file));
    Path cut = directory.resolve("cut-" + file);
    for (int part = 1; part < 16; part++) {
      Files.write(cut, Arrays.copyOf(whole, whole.length * part / 16));

      assertThatThrownBy(() -> convert(cut))
          .as("%d sixteenths", part)
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("expected: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"efficientnet-pytorch.pth", "torchvision.pth", "keras.h5", "model.keras"})
  void a_damaged_file_is_refused_or_read_and_nothing_else(String file) throws Exception {
    byte[] whole = Files.readAllBytes(resource(file));
    Random random = new Random(22);
    Path damaged = directory.resolve("damaged-" + file);
    for (int i = 0; i < 100; i++) {
      byte[] bytes = whole.clone();
      for (int flips = 0; flips < 8; flips++) {
        // The beginning and the end, where the formats describe themselves, and anywhere.
        int at = random.nextInt(bytes.length);
        bytes[flips % 2 == 0 ? at : at % 4096] = (byte) random.nextInt();
      }
      Files.write(damaged, bytes);
      try {
        convert(damaged);
      } catch (ModelException e) {
        assertThat(e).hasMessageContaining("expected: ");
      }
    }
  }

  @Test
  void compressed_entries_are_refused_because_they_could_grow() throws Exception {
    Path file = directory.resolve("bomb.pth");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(new byte[1 << 20]);
      zip.closeEntry();
    }

    assertThatThrownBy(() -> read(file)).hasMessageContaining("not compressed");
  }

  private static Optional<Converter.Converted> convert(Path file) throws Exception {
    return new Converter(read(file), file.toString()).convert(List.of(B, V2));
  }

  private static Map<String, Tensor> read(Path file) throws Exception {
    return WeightFile.read(file, WeightFile.format(file));
  }

  private static float[] logits(
      String engine,
      NamedNetwork network,
      Map<String, Tensor> tensors,
      WeightConventions conventions)
      throws Exception {
    ModelCard card =
        new ModelCard(
            "tiny",
            "tiny",
            network.architecture().name(),
            TINY,
            CLASSES,
            conventions,
            Preprocessing.imagenet(SIDE, 1),
            "",
            null);
    Model model =
        new Model(
            card,
            Collections.nCopies(CLASSES, "class"),
            Weights.of(card.network(), tensors, "converted"));
    try (NetworkRunner runner =
        Engines.start(engine, 1).load(model, Op.InputType.NORMALISED, ComputeDevice.CPU)) {
      return runner.logits(List.of(image())).get(0);
    }
  }

  /** Waves, as in the script. */
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

  private static JsonNode expected() throws Exception {
    try (InputStream json = WeightFilesTest.class.getResourceAsStream("/weights/expected.json")) {
      return new ObjectMapper().readTree(json);
    }
  }

  static Path resource(String name) throws URISyntaxException {
    return Path.of(
        requireNonNull(WeightFilesTest.class.getResource("/weights/" + name), name).toURI());
  }
}
