package dev.phistream.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.image.Interpolation;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.ResizeMode;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Padding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code models import} of files that other programs wrote. */
class ForeignWeightsTest {
  @TempDir Path models;
  private Path labels;

  @BeforeEach
  void name_the_classes() throws Exception {
    labels = Files.writeString(models.resolve(".labels.txt"), "a\nb\nc\nd\ne\n");
  }

  @ParameterizedTest
  @CsvSource({
    "efficientnet-pytorch.pth, EfficientNet-PyTorch, SAME, 1e-3",
    "transformers.safetensors, transformers, SAME, 1e-3",
    "keras.h5, Keras, SAME, 1e-3",
    "model.keras, Keras, SAME, 1e-3",
    "torchvision.pth, torchvision, SYMMETRIC, 1e-5",
  })
  void conventions_are_those_of_the_program(
      String file, String program, Padding padding, double eps) throws Exception {
    CommandRun run = importFile(file, "--width=0.1", "--depth=0.1", "--size=40");

    assertThat(run.code()).as(run.err()).isZero();
    ModelCard card = card();
    assertThat(card.conventions().padding()).isEqualTo(padding);
    assertThat(card.conventions().bnEps()).isEqualTo(eps);
    assertThat(card.facts()).containsEntry("convertedFrom", program);
    assertThat(ModelDirectory.on(models.resolve("mine")).load().labels()).hasSize(5);
  }

  @Test
  void the_normalisation_of_keras_published_networks_is_in_the_file() throws Exception {
    CommandRun run = importFile("keras.h5", "--width=0.1", "--depth=0.1", "--size=40");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(card().preprocessing().mean()).containsExactly(0.485f, 0.456f, 0.406f);
    assertThat(card().preprocessing().std()).containsExactly(0.229f, 0.224f, 0.225f);
  }

  @Test
  void what_the_user_says_overrules_the_file() throws Exception {
    CommandRun run =
        importFile(
            "keras.h5",
            "--width=0.1",
            "--depth=0.1",
            "--size=40",
            "--padding=symmetric",
            "--bn-eps=1e-5",
            "--mean=0.5,0.5,0.5",
            "--interpolation=bilinear",
            "--squash");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(card().conventions().padding()).isEqualTo(Padding.SYMMETRIC);
    assertThat(card().conventions().bnEps()).isEqualTo(1e-5);
    Preprocessing images = card().preprocessing();
    assertThat(images.mean()).isEqualTo(List.of(0.5f, 0.5f, 0.5f));
    assertThat(images.interpolation()).isEqualTo(Interpolation.BILINEAR);
    assertThat(images.resizeMode()).isEqualTo(ResizeMode.SQUASH);
  }

  @Test
  void a_tflite_file_tells_its_size_and_normalisation() throws Exception {
    CommandRun run =
        CommandRun.of(
            "models",
            "import",
            resource("uint8.tflite").toString(),
            "--models=" + models,
            "--id=mine",
            "--variant=mobilenet_v1",
            "--width=0.02");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("note: class 0 of 1001, background: left out");
    assertThat(card().variant()).isEqualTo("mobilenet_v1_0.02_32");
    assertThat(card().preprocessing().size()).isEqualTo(32);
    assertThat(card().preprocessing().mean().get(0)).isBetween(0.5f, 0.503f);
  }

  @Test
  void a_file_that_calls_a_function_leaves_nothing_behind() throws Exception {
    CommandRun run = importFile("calls-a-command.pth");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("it calls posix.system (expected: only tensors");
    assertThat(models.resolve("mine")).doesNotExist();
  }

  @Test
  void a_file_of_no_known_format_is_refused_with_those_there_are() throws Exception {
    Path file = Files.writeString(models.resolve(".text"), "no weights at all");

    CommandRun run =
        CommandRun.of("models", "import", file.toString(), "--models=" + models, "--id=mine");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("neither safetensors, nor a file of PyTorch, Keras or TensorFlow Lite");
  }

  private CommandRun importFile(String file, String... options) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "models",
            "import",
            resource(file).toString(),
            "--models=" + models,
            "--id=mine",
            "--labels=" + labels));
    if (options.length > 0) {
      arguments.add("--variant=b0");
    }
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private ModelCard card() throws Exception {
    return new ModelLocator(Optional.of(models)).find("mine").card();
  }

  private static Path resource(String name) throws Exception {
    return Path.of(
        requireNonNull(ForeignWeightsTest.class.getResource("/weights/" + name), name).toURI());
  }
}
