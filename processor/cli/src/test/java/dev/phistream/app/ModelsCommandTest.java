package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.repository.Catalogue;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.FakeHub;
import dev.phistream.testkit.PublishedModels;
import dev.phistream.testkit.SharedData;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Weights from a server or a file to labels, on the command line. */
@Timeout(120)
class ModelsCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String B0 = "tf_efficientnet_b0.ns_jft_in1k";

  @TempDir Path folder;
  private Path models;
  private Path labels;
  private Path image;

  @BeforeEach
  void place_files() throws Exception {
    models = folder.resolve("models");
    labels = Files.writeString(folder.resolve("labels.txt"), "ant\nbee\ncat\n");
    image = Files.write(folder.resolve("a.png"), EncodedImages.png(90, 70, 1));
  }

  @Test
  void a_tiny_model_is_pulled_listed_verified_used_and_removed() throws Exception {
    try (FakeHub hub = FakeHub.start()) {
      PublishedModels.publish(
          hub,
          "tiny.test",
          PublishedModels.config("tf_efficientnet_b0", 73, 3),
          PublishedModels.tinyWeights());
      Object[] pull = {
        "pull", "tiny.test", "--variant", "phi-8", "--labels", labels, "--from", hub.at("/timm")
      };

      CommandRun pulled = models(pull);
      CommandRun again = models(pull);

      assertThat(pulled.err()).isEmpty();
      assertThat(pulled.code()).isZero();
      assertThat(pulled.out())
          .startsWith("tiny.test  phi-8, 73 × 73, 3 classes, SAME, BN eps 0.001  ")
          .contains(models.resolve("tiny.test").toString());
      assertThat(again.code()).isZero();
      assertThat(again.err()).contains("tiny.test is there already");
      assertThat(hub.requests("/cdn/tiny.test")).hasSize(1);
    }
    assertThat(models("list").lines()).anyMatch(line -> line.matches("tiny.test +phi-8 +73 .*"));
    assertThat(models("verify", "tiny.test").out())
        .matches("tiny.test  whole: \\d+ tensors, SHA-256 [0-9a-f]{64}\\R");
    JsonNode answer = classify("tiny.test", image);
    assertThat(answer.get("variant").asText()).isEqualTo("phi-8");
    assertThat(TinyModels.CLASSES).contains(answer.at("/labels/0/label").asText());
    assertThat(models("remove", "tiny.test").code()).isZero();
    assertThat(models("remove", "tiny.test").err()).contains("model tiny.test: not in " + models);
  }

  @Test
  void b0_of_the_reference_is_pulled_and_labels_a_photo() throws Exception {
    byte[] weights = Files.readAllBytes(SharedData.at("reference/b0-weights.safetensors"));
    List<Path> photos = new ArrayList<>();
    try (var files = Files.walk(SharedData.at("photos"))) {
      files.filter(file -> file.toString().matches("(?i).*\\.jpe?g")).sorted().forEach(photos::add);
    }
    try (FakeHub hub = FakeHub.start()) {
      PublishedModels.publish(
          hub, B0, PublishedModels.config("tf_efficientnet_b0", 224, 1000), weights);
      hub.on("/cdn/" + B0, FakeHub.cutAfter(weights.length / 2 + 1, weights, "\"w\""));

      CommandRun pulled = models("pull", B0, "--from", hub.at("/timm")); // waits a second once

      assertThat(pulled.code()).as(pulled.err()).isZero();
      assertThat(hub.requests("/cdn/" + B0)).hasSizeGreaterThan(1);
    }
    JsonNode answer = classify(B0, photos.get(0));
    assertThat(answer.get("variant").asText()).isEqualTo("b0");
    assertThat(answer.get("model").asText()).isEqualTo(B0);
    assertThat(answer.get("labels")).hasSize(5);
    assertThat(answer.at("/labels/0/label").asText()).isNotBlank();
  }

  @Test
  void one_id_that_fails_does_not_keep_the_others_back() throws Exception {
    try (FakeHub hub = FakeHub.start()) {
      PublishedModels.publish(
          hub,
          "tiny.test",
          PublishedModels.config("tf_efficientnet_b0", 73, 3),
          PublishedModels.tinyWeights());

      CommandRun run =
          models(
              "pull",
              "nope",
              "tiny.test",
              "--variant",
              "phi-8",
              "--labels",
              labels,
              "--from",
              hub.at("/timm"));

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).startsWith("phistream: ").contains("status 404").hasLineCount(1);
      assertThat(run.out()).startsWith("tiny.test  ");
    }
  }

  @Test
  void an_imported_file_is_served_by_its_id() throws Exception {
    Path file = Files.write(folder.resolve("w.safetensors"), PublishedModels.tinyWeights());

    CommandRun run =
        models(
            "import",
            file,
            "--id",
            "mine",
            "--variant",
            "phi-8",
            "--padding",
            "symmetric",
            "--bn-eps",
            "1e-3",
            "--labels",
            labels,
            "--mean",
            "0.5,0.5,0.5",
            "--std",
            "1,1,1",
            "--size",
            64,
            "--crop",
            1);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("mine  phi-8, 64 × 64, 3 classes, SYMMETRIC, BN eps 0.001  ");
    assertThat(classify("mine", image).get("variant").asText()).isEqualTo("phi-8");
  }

  @Test
  void a_damaged_model_is_found_and_named_in_one_line() throws Exception {
    TinyModels.write(models, "good", -8);
    TinyModels.write(models, "short", -8);
    TinyModels.write(models, "other", -8);
    Path cut = models.resolve("short/model.safetensors");
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length - 4));
    TinyModels.write(folder.resolve("elsewhere"), "large", -5);
    Files.write(
        models.resolve("other/model.safetensors"),
        Files.readAllBytes(folder.resolve("elsewhere/large/model.safetensors")));

    CommandRun run = models("verify");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines()).hasSize(6);
    assertThat(run.lines())
        .anyMatch(line -> line.startsWith("good  whole: "))
        .anyMatch(
            line ->
                line.startsWith("short  damaged: ")
                    && line.contains("tensor classifier.bias lies at bytes"))
        .anyMatch(
            line ->
                line.matches("other  damaged: .*tensor \\S+ has shape \\[.*\\] \\(expected: \\[.*"))
        .anyMatch(line -> line.startsWith("phi-7  whole: "));
    List<JsonNode> json = json(models("verify", "short", "good", "--json"));
    assertThat(json.get(0).get("whole").asBoolean()).isFalse();
    assertThat(json.get(0).get("error").asText()).contains("classifier.bias");
    assertThat(json.get(1).get("whole").asBoolean()).isTrue();
  }

  @Test
  void the_list_tells_bundled_kept_and_published_models_apart() throws Exception {
    TinyModels.write(models, B0, -8);

    List<JsonNode> all = json(models("list", "--available", "--json"));
    List<JsonNode> here = json(models("list", "--json"));

    assertThat(here)
        .extracting(line -> line.get("id").asText())
        .containsExactly("phi-11", "phi-9", "phi-7", B0);
    assertThat(all).hasSize(3 + Catalogue.ALL.size());
    assertThat(all).filteredOn(line -> line.get("id").asText().equals(B0)).hasSize(1);
    JsonNode b4 =
        all.stream()
            .filter(line -> line.get("id").asText().equals("tf_efficientnet_b4.aa_in1k"))
            .findFirst()
            .orElseThrow();
    assertThat(b4.get("size").asInt()).isEqualTo(380);
    assertThat(b4.get("crop").asDouble()).isEqualTo(0.922);
    assertThat(b4.get("top1").asDouble()).isEqualTo(83.04);
    assertThat(b4.get("pulled").asBoolean()).isFalse();
  }

  @Test
  void a_damaged_card_does_not_keep_the_list_back() throws Exception {
    TinyModels.write(models, "bad", -8);
    Files.writeString(models.resolve("bad/model.json"), "{}");

    CommandRun run = models("list");

    assertThat(run.code()).isZero();
    assertThat(run.lines()).anyMatch(line -> line.startsWith("bad ") && line.contains("damaged: "));
  }

  @Test
  void misuse_is_told_with_code_2() {
    for (CommandRun run :
        List.of(
            models("pull"),
            models("import", "x.safetensors"),
            models("import", "x.safetensors", "--id", "x", "--padding", "valid"),
            models("pull", "a", "b", "--sha256", "0".repeat(64)),
            CommandRun.of("models"))) {
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("Usage: phistream models");
    }
  }

  @Test
  void what_cannot_be_done_is_told_in_one_line_with_code_1() {
    for (CommandRun run :
        List.of(
            models("import", folder.resolve("none.safetensors"), "--id", "x"),
            models("import", labels, "--id", "x"),
            models("import", labels, "--id", "../x"),
            models("pull", "x", "--from", "ftp://127.0.0.1/"),
            models("remove", "x"))) {
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).startsWith("phistream: ").hasLineCount(1);
    }
  }

  private JsonNode classify(String model, Path file) throws Exception {
    CommandRun run =
        CommandRun.of(
            "classify", file.toString(), "--model", model, "--models", models.toString(), "--json");
    assertThat(run.code()).as(run.err()).isZero();
    return json(run).get(0);
  }

  private CommandRun models(Object... arguments) {
    List<String> all = new ArrayList<>(List.of("models"));
    Arrays.stream(arguments).map(Object::toString).forEach(all::add);
    all.addAll(List.of("--models", models.toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static List<JsonNode> json(CommandRun run) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.lines()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
