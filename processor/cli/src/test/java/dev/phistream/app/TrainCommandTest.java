package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.training.ToyPhotos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a folder of images to a model, on top of the smallest bundled one. */
@Timeout(120)
class TrainCommandTest {
  private static final int EACH = 14;
  private static final String BASE = "phi-11";

  @TempDir private Path place;

  private Path photos;
  private Path models;

  @BeforeEach
  void images_and_a_base() throws IOException {
    photos = place.resolve("my photos");
    models = place.resolve("models");
    ToyPhotos.write(photos, EACH, 1);
  }

  @Test
  void a_folder_becomes_a_model_that_classifies_its_images() throws Exception {
    CommandRun run = train("--from", BASE);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("my-photos", "3 classes");
    Path directory = models.resolve("my-photos");
    ModelCard card = ModelDirectory.on(directory).load().card();
    Map<String, Object> facts = Objects.requireNonNull(card.facts());
    assertThat(card.variant()).isEqualTo(BASE);
    assertThat(facts)
        .containsEntry("baseModel", BASE)
        .containsKeys(
            "baseWeightsDigest", "dataDigest", "trainingSeed", "temperature", "unknownThreshold");
    assertThat((double) Objects.requireNonNull(facts.get("heldOutAccuracy"))).isGreaterThan(0.6);
    assertThat(String.valueOf(facts.get("command"))).startsWith("./phistream train ");
    JsonNode answer =
        new ObjectMapper()
            .readTree(
                CommandRun.of(
                        "classify",
                        photos.resolve("rings/1.jpg").toString(),
                        "--models",
                        models.toString(),
                        "--model",
                        "my-photos")
                    .out());
    assertThat(answer.get("labels").get(0).get("label").asText()).isIn(ToyPhotos.CLASSES);
  }

  @Test
  void the_model_can_be_switched_to_and_holds_its_probes() throws Exception {
    assertThat(train("--from", BASE, "--out", "own").code()).isZero();

    CommandRun run =
        CommandRun.of("models", "switch", "live", "own", "--models", models.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(ModelDirectory.on(models.resolve("own")).probes().orElseThrow().probes())
        .hasSize(3)
        .allSatisfy(probe -> assertThat(probe.name()).endsWith(".jpg"));
  }

  @Test
  void the_report_is_one_page_without_scripts_or_addresses() throws Exception {
    Files.write(photos.resolve("lines/torn <b>.jpg"), Arrays.copyOf(ToyPhotos.jpeg(1, 70), 500));
    assertThat(train("--from", BASE, "--out", "own").code()).isZero();

    String page = Files.readString(models.resolve("own/report.html"));

    assertThat(page)
        .doesNotContain("http://", "https://", "<script", "<link", "torn <b>")
        .contains("torn &lt;b&gt;.jpg", "calibration error", "threshold for unknown", "<svg");
  }

  @Test
  void a_training_with_the_same_seed_is_the_same_bit_by_bit() throws Exception {
    assertThat(train("--from", BASE, "--out", "one", "--seed", "4").code()).isZero();
    assertThat(train("--from", BASE, "--out", "two", "--seed", "4").code()).isZero();
    assertThat(train("--from", BASE, "--out", "three", "--seed", "5").code()).isZero();

    assertThat(digest("two")).isEqualTo(digest("one"));
    assertThat(digest("three")).isNotEqualTo(digest("one"));
  }

  @Test
  void features_are_computed_once() throws Exception {
    CommandRun first = train("--from", BASE);
    CommandRun second = train("--from", BASE);

    assertThat(first.err()).contains("features: 7");
    assertThat(second.err()).contains("features: 0 of 7");
  }

  @Test
  void fine_tuning_changes_the_upper_stages_alone() throws Exception {
    CommandRun run = train("--from", BASE, "--out", "own", "--unfreeze", "2", "--epochs", "2");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("fine-tune 1/2", "fine-tune 2/2");
    var base = Objects.requireNonNull(ModelDirectory.bundled(BASE)).load().weights();
    var own = ModelDirectory.on(models.resolve("own")).load().weights();
    assertThat(own.get("blocks.5.0.conv_pw.weight").values())
        .isEqualTo(base.get("blocks.5.0.conv_pw.weight").values());
    assertThat(own.get("blocks.6.0.conv_pw.weight").values())
        .isNotEqualTo(base.get("blocks.6.0.conv_pw.weight").values());
    assertThat(models.resolve(".training/own")).doesNotExist();
  }

  @Test
  void a_network_from_scratch_learns_all_of_itself() {
    CommandRun run =
        train("--from", "random", "--variant", "phi-11", "--out", "own", "--epochs", "2");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("fine-tune 2/2");
  }

  @Test
  void suspect_labels_are_listed() throws Exception {
    Path wrong = photos.resolve("rings/wrong.jpg");
    Files.write(wrong, ToyPhotos.jpeg(1, 900));

    CommandRun run = train("--from", BASE);

    assertThat(run.err())
        .contains("suspect label: rings/wrong.jpg: labelled rings, the network says lines");
  }

  @Test
  void an_unknown_base_and_a_wrong_number_are_misuse_or_failure_with_a_reason() {
    assertThat(train("--from", "nothing").err()).contains("model nothing: not found");
    CommandRun misuse = train("--from", BASE, "--epochs", "0");
    assertThat(misuse.code()).isEqualTo(2);
    assertThat(misuse.err()).contains("--epochs: 0 (expected: >= 1)");
    assertThat(train("--from", BASE, "--unfreeze", "some").err())
        .contains("--unfreeze: some (expected: a number, or all)");
  }

  private String digest(String id) throws Exception {
    return ModelDirectory.on(models.resolve(id)).card().weightsDigest();
  }

  private CommandRun train(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("train", photos.toString(), "--models", models.toString()));
    arguments.addAll(List.of(options));
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
