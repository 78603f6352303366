package dev.phistream.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.Variants;
import dev.phistream.model.WeightConventions;
import dev.phistream.testkit.PublishedModels;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightImportTest {
  private static final Scaling TINY = CompoundScaling.EFFICIENT_NET.at(PublishedModels.PHI);

  @TempDir Path folder;
  private Path file;
  private ModelRepository repository;

  @BeforeEach
  void write_a_file() throws Exception {
    file = Files.write(folder.resolve("mine.safetensors"), PublishedModels.tinyWeights());
    repository = new ModelRepository(folder.resolve("models"));
  }

  @Test
  void the_file_is_kept_byte_by_byte_under_its_id() throws Exception {
    ModelCard card = take("mine", tiny(TinyModels.CLASSES)).card();

    assertThat(Files.readAllBytes(repository.path("mine").resolve("model.safetensors")))
        .isEqualTo(Files.readAllBytes(file));
    assertThat(card.weightsDigest()).isEqualTo(DigestUtils.sha256Hex(Files.readAllBytes(file)));
    assertThat(repository.model("mine").load().card()).hasToString(card.toString());
    assertThat(card.variant()).isEqualTo("phi-8");
    assertThat(card.scaling()).isEqualTo(TINY);
  }

  @Test
  void what_is_told_is_taken() throws Exception {
    ModelCard card =
        take(
                "mine",
                new ImportOptions(
                    "phi-8",
                    null,
                    null,
                    Padding.SYMMETRIC,
                    2e-4,
                    TinyModels.CLASSES,
                    null,
                    80,
                    0.95,
                    List.of(0f, 0.1f, 0.2f),
                    List.of(1f, 2f, 3f)))
            .card();

    assertThat(card.conventions()).isEqualTo(new WeightConventions(Padding.SYMMETRIC, 2e-4));
    assertThat(card.preprocessing())
        .isEqualTo(new Preprocessing(80, 0.95, List.of(0f, 0.1f, 0.2f), List.of(1f, 2f, 3f)));
    assertThat(card.scaling().resolution()).isEqualTo(80);
  }

  @Test
  void what_is_assumed_is_said() throws Exception {
    WeightImport.Imported imported = take("mine", tiny(TinyModels.CLASSES));

    assertThat(imported.card().conventions()).isEqualTo(Catalogue.TENSORFLOW);
    assertThat(imported.notes())
        .hasSize(2)
        .anyMatch(note -> note.startsWith("preprocessing: 73 × 73, crop 0.875"))
        .anyMatch(note -> note.startsWith("padding SAME, bn-eps 0.001, where not given: assumed"));
  }

  @ParameterizedTest
  @CsvSource({
    "tf_mine, , SAME, 1e-3",
    "efficientnet_mine, , SYMMETRIC, 1e-5",
    "mine, SYMMETRIC, SYMMETRIC, 1e-5",
    "tf_mine, SYMMETRIC, SYMMETRIC, 1e-5",
  })
  void names_and_paddings_tell_the_conventions(
      String id, @Nullable Padding told, Padding padding, double eps) throws Exception {
    ImportOptions options =
        new ImportOptions(
            "phi-8", null, null, told, null, TinyModels.CLASSES, null, null, null, null, null);

    assertThat(take(id, options).card().conventions())
        .isEqualTo(new WeightConventions(padding, eps));
  }

  @Test
  void a_published_name_tells_variant_images_and_conventions_and_labels_come_along()
      throws Exception {
    Path b0 = b0("tf_efficientnet_b0.ap_in1k.safetensors", 1000);

    WeightImport.Imported imported =
        new WeightImport(repository).importFile(b0, "adversarial", options(null, null, null));

    ModelCard card = imported.card();
    assertThat(imported.notes()).isEmpty();
    assertThat(card.variant()).isEqualTo("b0");
    assertThat(card.preprocessing().mean()).containsOnly(0.5f);
    assertThat(card.conventions()).isEqualTo(Catalogue.TENSORFLOW);
    assertThat(card.facts()).containsEntry("publishedTop1", 77.10);
    assertThat(repository.model("adversarial").load().labels()).isEqualTo(ClassNames.imagenet1k());
  }

  @Test
  void tensors_tell_the_variant_where_nobody_does() throws Exception {
    Path b0 = b0("anything.safetensors", 2);

    WeightImport.Imported imported =
        new WeightImport(repository)
            .importFile(b0, "anything", options(null, List.of("cat", "dog"), null));

    assertThat(imported.card().variant()).isEqualTo("b0");
    assertThat(imported.notes()).contains("variant b0: the tensors fit it");
  }

  @Test
  void weights_of_another_variant_are_refused_by_tensor_with_the_variant_that_they_are_of()
      throws Exception {
    Path b0 = b0("anything.safetensors", 2);

    assertThatThrownBy(
            () ->
                new WeightImport(repository)
                    .importFile(b0, "x", options("b1", List.of("cat", "dog"), null)))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            ".*: tensor \\S+ is missing \\(expected: shape \\[.*\\]\\); these are the tensors of"
                + " b0");
    assertThat(repository.ids()).isEmpty();
  }

  @Test
  void a_config_of_another_network_is_refused() throws Exception {
    Path b0 = b0("anything.safetensors", 2);
    for (String architecture : List.of("tf_efficientnet_b1", "resnet50")) {
      TimmConfig config =
          TimmConfig.parse(PublishedModels.config(architecture, 224, 2), "config.json");
      assertThatThrownBy(
              () ->
                  new WeightImport(repository)
                      .importFile(b0, "x", options("b0", List.of("cat", "dog"), config)))
          .isInstanceOf(RepositoryException.class)
          .hasMessageStartingWith("config.json: architecture: " + architecture);
    }
  }

  @Test
  void a_config_with_other_classes_is_refused_with_the_numbers() throws Exception {
    TimmConfig config =
        TimmConfig.parse(PublishedModels.config("tf_efficientnet_b0", 73, 1000), "config.json");

    assertThatThrownBy(() -> take("mine", options("phi-8", TinyModels.CLASSES, config)))
        .isInstanceOf(RepositoryException.class)
        .hasMessageStartingWith("config.json: num_classes: 1000 (expected: 3, the rows of");
  }

  @Test
  void as_many_labels_as_classes_are_wanted() {
    assertThatThrownBy(() -> take("mine", tiny(List.of("ant", "bee"))))
        .isInstanceOf(RepositoryException.class)
        .hasMessage("labels: 2 names (expected: 3, the classes of %s)".formatted(file));
    assertThatThrownBy(() -> take("mine", tiny(null)))
        .isInstanceOf(RepositoryException.class)
        .hasMessage(
            "%s: 3 classes (expected: 1000, or --labels FILE with 3 names)".formatted(file));
  }

  @Test
  void truncated_files_are_refused_with_the_name_of_a_tensor() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> take("mine", tiny(TinyModels.CLASSES)))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(file + ": tensor \\S+ lies at bytes .*cut off or damaged\\)");
  }

  @Test
  void numbers_that_are_none_are_refused_by_tensor() throws Exception {
    Map<String, Tensor> tensors = TinyModels.tensors(TinyModels.network(TINY), 3);
    float[] bias = Objects.requireNonNull(tensors.get("classifier.bias")).values();
    bias[1] = Float.NaN;
    Files.write(file, Safetensors.write(tensors, Safetensors.Precision.F32));

    assertThatThrownBy(() -> take("mine", tiny(TinyModels.CLASSES)))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(
            "tensor classifier.bias has NaN at position 1 (expected: finite numbers)");
  }

  @Test
  void a_file_without_a_classifier_is_refused() throws Exception {
    Files.write(file, Safetensors.write(Map.of("x", Tensor.vector(1)), Safetensors.Precision.F32));

    assertThatThrownBy(() -> take("mine", tiny(TinyModels.CLASSES)))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(
            "tensor classifier.weight is missing (expected: shape [classes, features])");
  }

  @ParameterizedTest
  @CsvSource({"b9", "phi", "vgg16", "'phi-7;'", "B0", "mobilenet_v1_0_128", "mobilenet_v3_0.5_224"})
  void a_variant_that_is_none_is_refused(String variant) {
    assertThatThrownBy(() -> take("mine", options(variant, TinyModels.CLASSES, null)))
        .isInstanceOf(RepositoryException.class)
        .hasMessageStartingWith("variant: " + variant + " (expected: b0, b1,");
  }

  @ParameterizedTest
  @CsvSource({
    // weights' width, what is told (variant, width, size), the name it is served under
    "mobilenet_v1, 0.25, mobilenet_v1, 0.25, 128, mobilenet_v1_0.25_128",
    "mobilenet_v1, 0.25, mobilenet_v1, , 128, mobilenet_v1_0.25_128",
    "mobilenet_v1, 0.25, mobilenet_v1_0.25_128, , , mobilenet_v1_0.25_128",
    "mobilenet_v1, 0.5, , , 160, mobilenet_v1_0.5_160",
    "mobilenet_v2, 0.35, mobilenet_v2, 0.35, , mobilenet_v2_0.35_224",
    "mobilenet_v2, 1.0, mobilenet_v2, , , mobilenet_v2",
    "resnet50, 0.25, resnet50, 0.25, 64, resnet50_0.25_64",
  })
  void every_network_of_the_catalogue_is_imported(
      String base,
      double width,
      @Nullable String variant,
      @Nullable Double told,
      @Nullable Integer size,
      String served)
      throws Exception {
    Network network =
        Architecture.named(base).scaled(new Scaling(width, 1, 224), TinyModels.CLASSES.size());
    Files.write(file, Safetensors.write(TinyModels.tensors(network, 1), Safetensors.Precision.F32));

    ModelCard card =
        take(
                "mine",
                new ImportOptions(
                    variant,
                    told,
                    null,
                    null,
                    null,
                    TinyModels.CLASSES,
                    null,
                    size,
                    null,
                    null,
                    null))
            .card();

    assertThat(card.variant()).isEqualTo(served);
    assertThat(card.architecture()).isEqualTo(base);
    assertThat(card.scaling()).isEqualTo(new Scaling(width, 1, size(served)));
    assertThat(repository.model("mine").load().labels()).isEqualTo(TinyModels.CLASSES);
  }

  private static int size(String served) {
    return served.matches(".*_\\d+") ? Integer.parseInt(served.replaceAll(".*_", "")) : 224;
  }

  @Test
  void googles_names_tell_what_their_mobilenets_want() throws Exception {
    Network network =
        Architecture.MOBILENET_V1.scaled(new Scaling(0.25, 1, 128), TinyModels.CLASSES.size());
    Files.write(file, Safetensors.write(TinyModels.tensors(network, 1), Safetensors.Precision.F32));

    WeightImport.Imported imported =
        take("mobilenet_v1_0.25_128", options(null, TinyModels.CLASSES, null));

    List<Float> half = List.of(0.5f, 0.5f, 0.5f);
    assertThat(imported.card().preprocessing())
        .isEqualTo(new Preprocessing(128, 0.875, half, half));
    assertThat(imported.card().conventions()).isEqualTo(Catalogue.TENSORFLOW);
  }

  @Test
  void negative_variances_are_refused_by_tensor() throws Exception {
    Map<String, Tensor> tensors = TinyModels.tensors(TinyModels.network(TINY), 3);
    Objects.requireNonNull(tensors.get("bn1.running_var")).values()[3] = -0.5f;
    Files.write(file, Safetensors.write(tensors, Safetensors.Precision.F32));

    assertThatThrownBy(() -> take("mine", tiny(TinyModels.CLASSES)))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(
            "tensor bn1.running_var has -0.5 at position 3 (expected: variances, which are not"
                + " negative)");
  }

  private WeightImport.Imported take(String id, ImportOptions options) throws Exception {
    return new WeightImport(repository).importFile(file, id, options);
  }

  private static ImportOptions tiny(@Nullable List<String> labels) {
    return options("phi-8", labels, null);
  }

  private static ImportOptions options(
      @Nullable String variant, @Nullable List<String> labels, @Nullable TimmConfig config) {
    return new ImportOptions(
        variant, null, null, null, null, labels, config, null, null, null, null);
  }

  private Path b0(String name, int classes) throws Exception {
    return Files.write(
        folder.resolve(name),
        Safetensors.write(
            TinyModels.tensors(Variants.find("b0").orElseThrow().network(classes), 4),
            Safetensors.Precision.F16));
  }
}
