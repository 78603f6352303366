package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.image.Preprocessing;
import dev.phistream.testkit.TinyModels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
  private static final double PHI = -8;

  @TempDir Path repository;

  @Test
  void a_card_without_an_architecture_is_of_an_efficientnet() throws Exception {
    TinyModels.write(repository, "old", PHI);
    edit("\"architecture\" : \"efficientnet\",", "");

    assertThat(ModelDirectory.on(repository.resolve("old")).load().card().architecture())
        .isEqualTo("efficientnet");
  }

  @Test
  void a_card_of_another_architecture_has_its_network() throws Exception {
    TinyModels.write(repository, "old", PHI);
    edit("\"efficientnet\"", "\"resnet50\"");

    assertThat(ModelDirectory.on(repository.resolve("old")).card().network().tensors())
        .containsKey("layer1.0.conv1.weight");
  }

  @Test
  void a_card_of_an_unknown_architecture_is_refused() throws Exception {
    TinyModels.write(repository, "old", PHI);
    edit("\"efficientnet\"", "\"vgg16\"");

    assertThatThrownBy(() -> ModelDirectory.on(repository.resolve("old")).card())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("architecture: vgg16 (expected: one of efficientnet, ");
  }

  private void edit(String text, String replacement) throws IOException {
    Path card = repository.resolve("old/model.json");
    String before = Files.readString(card);
    assertThat(before).contains(text);
    Files.writeString(card, before.replace(text, replacement));
  }

  @Test
  void a_model_comes_back_as_it_was_written() throws Exception {
    ModelCard card =
        new ModelCard(
            "my-model",
            "phi-8",
            Architecture.EFFICIENT_NET.name(),
            CompoundScaling.EFFICIENT_NET.at(PHI),
            3,
            new WeightConventions(Padding.SAME, 1e-3),
            new Preprocessing(73, 0.9, List.of(0.1f, 0.2f, 0.3f), List.of(1f, 2f, 3f)),
            "is filled in",
            Map.of("heldOutAccuracy", 0.91));
    Map<String, Tensor> tensors = TinyModels.tensors(card.network(), 1);

    ModelCard written =
        ModelDirectory.write(
            repository.resolve("mine"),
            card,
            List.of("ant", "Bär", "日本"),
            tensors,
            Safetensors.Precision.F32);
    Model model = ModelDirectory.on(repository.resolve("mine")).load();

    assertThat(written.weightsDigest()).matches("[0-9a-f]{64}");
    assertThat(model.card()).isEqualTo(written);
    assertThat(model.labels()).containsExactly("ant", "Bär", "日本");
    assertThat(model.card())
        .usingRecursiveComparison()
        .ignoringFields("weightsDigest")
        .isEqualTo(card);
    tensors.forEach(
        (name, tensor) ->
            assertThat(model.weights().get(name).values()).isEqualTo(tensor.values()));
  }

  @Test
  void truncated_weights_are_refused_with_the_name_of_a_tensor() throws Exception {
    Path weights = tiny("a").resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(whole, whole.length - 4));

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            repository.resolve("a")
                + ": model.safetensors: tensor classifier.bias lies at bytes \\d+ to \\d+ of \\d+"
                + " \\(expected: within the file; it is cut off or damaged\\)");
  }

  @Test
  void weights_that_changed_since_they_were_written_are_refused() throws Exception {
    Path weights = tiny("a").resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            ".*: model.safetensors: SHA-256 is [0-9a-f]{64} \\(expected: [0-9a-f]{64}\\);"
                + " the file is damaged or another's");
  }

  @Test
  void weights_of_another_network_are_refused_with_the_name_of_a_tensor() throws Exception {
    tiny("a");
    TinyModels.write(repository, "larger", PHI + 3);
    Files.copy(
        repository.resolve("larger/model.safetensors"),
        repository.resolve("a/model.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(".*model.safetensors: tensor \\S+ has shape .* \\(expected: .*\\)");
  }

  @ParameterizedTest
  @CsvSource({"'ant', 1", "'ant\nbee\ncat\ndog\n', 4", "'', 0"})
  void as_many_labels_as_classes_are_wanted(String labels, int count) throws Exception {
    Files.writeString(tiny("a").resolve("labels.txt"), labels);

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "%s: labels.txt has %d lines (expected: 3, one per class)"
                .formatted(repository.resolve("a"), count));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.json", "model.safetensors", "labels.txt"})
  void a_missing_file_is_named(String file) throws Exception {
    Files.delete(tiny("a").resolve(file));

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "%s: %s is missing (expected: a model directory with model.json, model.safetensors and labels.txt)"
                .formatted(repository.resolve("a"), file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "{}",
        "[]",
        "null",
        "{\"id\": \"a\", \"variant\": \"a\", \"classes\": 3}",
        "{\"id\": \"a\", \"unknown\": 1}",
      })
  void a_card_that_says_too_little_or_something_else_is_refused(String card) throws Exception {
    Files.writeString(tiny("a").resolve("model.json"), card);

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(repository.resolve("a") + ": model.json is not a model card: ");
  }

  @Test
  void a_card_with_a_value_out_of_range_is_refused_by_name() throws Exception {
    Path card = tiny("a").resolve("model.json");
    Files.writeString(card, Files.readString(card).replace("0.001", "-0.001"));

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("bnEps: -0.001 (expected: > 0 and <= 1)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resolution | 4096 | resolution: 4096 (expected: 8 to 1024)",
        "resolution | 100000 | resolution: 100000 (expected: 8 to 1024)",
        "resolution | 0 | resolution",
        "width | 1000 | width: 1000 (expected: 0.01 to 16)",
        "width | 1e-300 | width: 1.0E-300 (expected: 0.01 to 16)",
        "depth | 1e9 | depth: 1000000000 (expected: 0.01 to 16)",
        "classes | 0 | classes: 0 (expected: 1 to 100000)",
        "classes | 2000000000 | classes: 2000000000 (expected: 1 to 100000)",
        "bnEps | 1e30 | bnEps: 1.0E30 (expected: > 0 and <= 1)",
        "cropFraction | 1e-9 | cropFraction: 1.0E-9 (expected: 0.1 to 1)",
        "size | 2000000 | size: 2000000 (expected: 1 to 1024)",
      })
  @Timeout(20)
  void every_number_of_a_card_has_a_range(String name, String value, String message)
      throws Exception {
    Path card = tiny("a").resolve("model.json");
    Files.writeString(
        card,
        Files.readString(card)
            .replaceAll("\"%s\" : [^,\n]+".formatted(name), "\"%s\" : %s".formatted(name, value)));

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message);
  }

  @Test
  void numbers_that_are_each_in_range_may_be_too_many_together() throws Exception {
    Path card = tiny("a").resolve("model.json");
    Files.writeString(
        card,
        Files.readString(card)
            .replaceAll("\"width\" : [^,]+", "\"width\" : 16")
            .replaceAll("\"classes\" : 3", "\"classes\" : 100000"));

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("parameters: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "model.json", "labels.txt"})
  @Timeout(20)
  void what_is_no_regular_file_is_refused_and_not_waited_for(String file) throws Exception {
    Path pipe = tiny("a").resolve(file);
    Files.delete(pipe);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file + " is not readable")
        .hasMessageContaining("not a regular file");

    Files.delete(pipe);
    Files.createSymbolicLink(pipe, Path.of("/dev/zero"));
    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("not a regular file");
  }

  @Test
  void weights_that_are_larger_than_memory_are_refused_unread() throws Exception {
    Path weights = tiny("a").resolve("model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.setLength(1L << 40);
    }

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("1099511627776 bytes (expected: at most ");
  }

  @Test
  void a_number_that_is_none_is_found_when_weights_are_read() throws Exception {
    Path directory = tiny("a");
    Model model = load("a");
    Map<String, Tensor> tensors = new LinkedHashMap<>(model.weights().tensors());
    tensors.put("classifier.bias", Tensor.vector(1, Float.NaN, 3));
    var unused =
        ModelDirectory.write(
            directory, model.card(), model.labels(), tensors, Safetensors.Precision.F32);

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "tensor classifier.bias has NaN at position 1 (expected: finite numbers)");
  }

  @Test
  void a_card_that_does_not_say_how_to_pad_is_refused() throws Exception {
    Path card = tiny("a").resolve("model.json");
    Files.writeString(card, Files.readString(card).replaceAll("\"padding\" : \"\\w+\",", ""));

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("padding is missing");
  }

  @Test
  void a_card_whose_images_do_not_fit_its_network_is_refused() throws Exception {
    Path card = tiny("a").resolve("model.json");
    Files.writeString(card, Files.readString(card).replace("\"size\" : 73", "\"size\" : 74"));

    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("preprocessing.size: 74 (expected: 73, the network's resolution)");
  }

  @Test
  void writing_replaces_all_of_a_model_and_leaves_nothing_beside_it() throws Exception {
    Files.writeString(tiny("a").resolve("stale.txt"), "of before");

    ModelCard larger = TinyModels.write(repository, "a", PHI + 2);

    assertThat(load("a").card()).isEqualTo(larger);
    assertThat(names(repository)).containsExactly("a");
    assertThat(names(repository.resolve("a")))
        .containsExactly("labels.txt", "model.json", "model.safetensors");
  }

  @Test
  void writing_that_fails_leaves_what_was_there_before_and_nothing_beside_it() throws Exception {
    ModelCard before = TinyModels.write(repository, "a", PHI);
    ModelCard unwritable =
        new ModelCard(
            "a",
            "a",
            before.architecture(),
            before.scaling(),
            before.classes(),
            before.conventions(),
            before.preprocessing(),
            "",
            Map.of("no JSON", new Object()));

    assertThatThrownBy(
            () ->
                ModelDirectory.write(
                    repository.resolve("a"),
                    unwritable,
                    TinyModels.CLASSES,
                    TinyModels.tensors(before.network(), 2),
                    Safetensors.Precision.F32))
        .isInstanceOf(IOException.class);

    assertThat(load("a").card()).isEqualTo(before);
    assertThat(names(repository)).containsExactly("a");
  }

  @Test
  void others_may_read_what_one_user_writes() throws Exception {
    Path control = Files.createDirectory(repository.resolve("control"));

    assertThat(Files.getPosixFilePermissions(tiny("a")))
        .isEqualTo(Files.getPosixFilePermissions(control));
  }

  @Test
  void a_model_is_found_by_its_directory_or_its_id() throws Exception {
    tiny("a");
    ModelLocator locator = new ModelLocator(Optional.of(repository));

    assertThat(locator.find("a").card().id()).isEqualTo("a");
    assertThat(locator.find(repository.resolve("a").toString()).card().id()).isEqualTo("a");
  }

  @Test
  void a_model_that_is_nowhere_is_named_with_what_there_is() {
    assertThatThrownBy(() -> new ModelLocator(Optional.of(repository)).find("nope"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "model nope: not found in %s (expected: a directory, or one of %s; phistream models list shows all, models pull fetches published ones)"
                .formatted(repository, String.join(", ", ModelLocator.BUNDLED)));
    assertThatThrownBy(() -> new ModelLocator(Optional.empty()).find("nope"))
        .hasMessage(
            "model nope: not found (expected: a directory, or one of %s; phistream models list shows all, models pull fetches published ones)"
                .formatted(String.join(", ", ModelLocator.BUNDLED)));
  }

  @Test
  void a_directory_that_is_not_there_is_named() {
    String path = repository.resolve("nope").toString();

    assertThatThrownBy(() -> new ModelLocator(Optional.empty()).find(path).card())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(path + ": model.json is missing");
  }

  private Path tiny(String name) throws IOException {
    TinyModels.write(repository, name, PHI);
    return repository.resolve(name);
  }

  private Model load(String name) throws ModelException {
    return ModelDirectory.on(repository.resolve(name)).load();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
