package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import dev.phistream.model.ModelCard;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Tensor;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.TinyModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command table's contract, on a tiny model with random weights. */
class ClassifyCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path repository;
  private static int size;

  @TempDir Path folder;
  private Path png;
  private Path jpeg;
  private Path broken;

  @BeforeAll
  static void write_a_model() throws Exception {
    ModelCard card = TinyModels.write(repository, "tiny", -8);
    size = card.preprocessing().size();
  }

  @BeforeEach
  void place_images() throws Exception {
    png = Files.write(folder.resolve("a.png"), EncodedImages.png(90, 60, 1));
    jpeg = Files.write(folder.resolve("b.jpg"), EncodedImages.jpeg(60, 90, 2));
    broken = Files.write(folder.resolve("c.jpg"), Arrays.copyOf(Files.readAllBytes(jpeg), 300));
  }

  @Test
  void a_table_of_labels_tells_what_is_right_and_how_sure_that_is() throws Exception {
    String best = json(classify(png)).get(0).get("labels").get(0).get("label").asText();
    String other = TinyModels.CLASSES.get(best.equals(TinyModels.CLASSES.get(0)) ? 1 : 0);
    Path table =
        Files.writeString(
            folder.resolve("labels.csv"), "file,label\na.png," + best + "\nb.jpg," + other);

    CommandRun run = classify(png, jpeg, broken, "--labels=" + table);

    assertThat(run.code()).isEqualTo(1); // one image is broken
    assertThat(json(run).get(0).get("right").asBoolean()).isTrue();
    assertThat(json(run).get(0).get("expected").get("label").asText()).isEqualTo(best);
    assertThat(json(run).get(1).get("expected").get("label").asText()).isEqualTo(other);
    assertThat(run.err())
        .containsPattern(
            "top-1: [12] of 2 right, .* % \\(95 % interval .* to .* %\\); top-5: 2 of 2 right");
  }

  @Test
  void each_image_is_a_json_line_with_the_contracts_fields() throws Exception {
    CommandRun run = classify(png, jpeg);

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(json(run)).hasSize(2);
    for (JsonNode line : json(run)) {
      assertThat(names(line)).containsExactly("file", "variant", "model", "engine", "labels");
      assertThat(line.get("variant").asText()).isEqualTo("tiny");
      assertThat(line.get("model").asText()).isEqualTo("tiny");
      assertThat(line.get("engine").asText()).isEqualTo("mxnet");
      double sum = 0;
      for (JsonNode label : line.get("labels")) {
        assertThat(names(label)).containsExactly("index", "label", "score");
        assertThat(label.get("label").asText())
            .isEqualTo(TinyModels.CLASSES.get(label.get("index").asInt()));
        sum += label.get("score").asDouble();
      }
      assertThat(line.get("labels")).hasSize(3);
      assertThat(sum).isEqualTo(1, offset(1e-5));
    }
    assertThat(json(run).get(0).get("file").asText()).isEqualTo(png.toString());
    assertThat(json(run).get(1).get("file").asText()).isEqualTo(jpeg.toString());
  }

  @Test
  void top_says_how_many_labels_are_wanted() throws Exception {
    JsonNode line = json(classify(png, "--top", 1, "--logits")).get(0);

    assertThat(line.get("labels")).hasSize(1);
    int best = line.get("labels").get(0).get("index").asInt();
    for (JsonNode logit : line.get("logits")) {
      assertThat(logit.asDouble()).isLessThanOrEqualTo(line.get("logits").get(best).asDouble());
    }
  }

  @Test
  void logits_are_one_per_class_and_those_that_the_scores_come_from() throws Exception {
    JsonNode line = json(classify(png, "--logits")).get(0);

    assertThat(names(line))
        .containsExactly("file", "variant", "model", "engine", "labels", "logits");
    assertThat(line.get("logits")).hasSize(3);
    double sum = 0;
    for (JsonNode logit : line.get("logits")) {
      sum += Math.exp(logit.asDouble());
    }
    for (JsonNode label : line.get("labels")) {
      double logit = line.get("logits").get(label.get("index").asInt()).asDouble();
      assertThat(label.get("score").asDouble()).isEqualTo(Math.exp(logit) / sum, offset(1e-4));
    }
  }

  @Test
  void a_broken_image_is_an_error_and_its_neighbours_are_labelled() throws Exception {
    CommandRun run = classify(png, broken, jpeg);

    assertThat(run.code()).isEqualTo(1);
    assertThat(json(run).get(0).get("labels")).hasSize(3);
    assertThat(json(run).get(2).get("labels")).hasSize(3);
    JsonNode failed = json(run).get(1);
    assertThat(names(failed))
        .containsExactly("file", "variant", "model", "engine", "labels", "error");
    assertThat(failed.get("file").asText()).isEqualTo(broken.toString());
    assertThat(failed.get("labels")).isEmpty();
    assertThat(names(failed.get("error"))).containsExactly("code", "message");
    assertThat(failed.get("error").get("code").asText()).isEqualTo("image-truncated");
    assertThat(failed.get("error").get("message").asText()).contains("JPEG");
  }

  @Test
  void more_images_than_a_micro_batch_holds_keep_their_order_and_their_labels() throws Exception {
    List<Object> paths = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      byte[] bytes = i == 5 ? new byte[] {1} : EncodedImages.png(40 + i, 40, i);
      paths.add(Files.write(folder.resolve("many-" + i + ".png"), bytes));
    }
    paths.add("--logits");

    List<JsonNode> lines = json(classify(paths.toArray()));

    assertThat(lines).hasSize(19);
    for (int i = 0; i < 19; i += 6) {
      assertThat(lines.get(i).get("file").asText()).isEqualTo(paths.get(i).toString());
      JsonNode alone = json(classify(paths.get(i), "--logits")).get(0);
      assertSameLogits(logits(lines.get(i)), logits(alone));
    }
    assertThat(lines.get(5).get("error").get("code").asText()).isEqualTo("image-unsupported");
  }

  @Test
  void folders_give_their_images_in_order_and_pass_over_the_rest() throws Exception {
    Files.delete(broken);
    Files.writeString(folder.resolve("notes.txt"), "no image");
    Path deeper = Files.createDirectories(folder.resolve("aa/deeper"));
    Path upper = Files.write(deeper.resolve("X.JPEG"), EncodedImages.jpeg(20, 20, 3));

    CommandRun run = classify(folder);

    assertThat(run.code()).isZero();
    assertThat(json(run))
        .extracting(line -> line.get("file").asText())
        .containsExactly(png.toString(), upper.toString(), jpeg.toString());
  }

  @Test
  void a_folder_that_contains_itself_is_named_in_one_line() throws Exception {
    Files.createSymbolicLink(folder.resolve("loop"), folder);

    CommandRun run = classify(folder);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("phistream: " + folder + ": not readable: ").hasLineCount(1);
  }

  @Test
  void the_dump_holds_each_images_input_as_bytes() throws Exception {
    Path dump = folder.resolve("dump.safetensors");

    CommandRun run = classify(png, broken, jpeg, "--dump", dump);

    assertThat(run.code()).isEqualTo(1);
    byte[] file = Files.readAllBytes(dump);
    assertThat(new String(file, StandardCharsets.ISO_8859_1))
        .contains("\"dtype\":\"U8\",\"shape\":[3,%d,%d]".formatted(size, size));
    Map<String, Tensor> inputs = Safetensors.read(file, "dump");
    assertThat(inputs).containsOnlyKeys(png.toString(), jpeg.toString());
    for (Path image : List.of(png, jpeg)) {
      byte[] expected = input(image);
      float[] dumped = Objects.requireNonNull(inputs.get(image.toString())).values();
      assertThat(dumped).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(dumped[i]).isEqualTo(expected[i] & 0xff);
      }
    }
  }

  @Test
  void a_normalised_tensor_gives_the_same_logits_as_its_images() throws Exception {
    Preprocessing preprocessing = Preprocessing.imagenet(size, 1);
    float[] values = new float[2 * 3 * size * size];
    for (int image = 0; image < 2; image++) {
      byte[] input = input(image == 0 ? png : jpeg);
      for (int i = 0; i < input.length; i++) {
        int c = i / (size * size);
        values[image * input.length + i] =
            ((input[i] & 0xff) / 255f - preprocessing.mean().get(c)) / preprocessing.std().get(c);
      }
    }
    Path file = tensorFile("input", List.of(2, 3, size, size), values);

    CommandRun fromTensor = classify("--tensor", file, "--logits");
    CommandRun fromImages = classify(png, jpeg, "--logits");

    assertThat(fromTensor.code()).isZero();
    assertThat(json(fromTensor)).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(json(fromTensor).get(i).get("file").asText()).isEqualTo(file + "#" + i);
      assertSameLogits(logits(json(fromTensor).get(i)), logits(json(fromImages).get(i)));
    }
    assertThat(logits(json(fromImages).get(0)))
        .as("the two images differ")
        .isNotEqualTo(logits(json(fromImages).get(1)));
  }

  @Test
  void a_tensor_of_another_shape_is_refused_with_both_shapes() throws Exception {
    Path file = tensorFile("input", List.of(1, 3, 2, 2), new float[12]);

    CommandRun run = classify("--tensor", file);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo(
            "phistream: %s: tensor input has shape [1, 3, 2, 2] (expected: [N, 3, %d, %d], as model tiny wants)"
                .formatted(file, size, size));
  }

  @Test
  void a_tensor_of_another_name_is_refused() throws Exception {
    Path file = tensorFile("pixels", List.of(1, 3, 2, 2), new float[12]);

    CommandRun run = classify("--tensor", file);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(file + ": no tensor named input").hasLineCount(1);
  }

  @Test
  void what_is_not_there_is_named_in_one_line() {
    Path nowhere = folder.resolve("nowhere");

    for (CommandRun run :
        List.of(
            classify(nowhere),
            classify("--tensor", nowhere),
            phistream("classify", png, "--models", repository, "--model", "nowhere"))) {
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("phistream: ").contains("nowhere").hasLineCount(1);
    }
  }

  @Test
  void a_gpu_that_cannot_be_used_is_refused_in_one_line_that_helps() {
    CommandRun run = classify(png, "--device", "gpu:99");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("phistream: device: gpu:99 (expected here with engine mxnet: auto, ")
        .contains("build with PHISTREAM_PROFILE=mxnet-cuda")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classify",
        "classify a.png --tensor b.safetensors",
        "classify a.png --top 0",
        "classify a.png --top many",
        "classify a.png --engine abacus",
        "classify a.png --device abacus",
        "classify a.png --device cpu,gpu:0",
        "classify a.png --no-such-option",
        "classify --tensor b.safetensors --dump c.safetensors",
        "",
      })
  void misuse_is_told_with_the_usage_and_code_2(String line) {
    CommandRun run = phistream((Object[]) (line.isEmpty() ? new String[0] : line.split(" ")));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("Usage: phistream");
  }

  @Test
  void a_command_that_is_not_one_is_misuse_and_gets_a_proposal() {
    CommandRun run = phistream("clasify");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'clasify'").contains("Did you mean: phistream classify");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "classify --help", "topology --help"})
  void help_is_printed_with_code_0(String line) {
    CommandRun run = phistream((Object[]) line.split(" "));

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("phistream");
    assertThat(run.err()).isEmpty();
  }

  private static CommandRun classify(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("classify", "--models", repository));
    all.addAll(List.of("--model", "tiny"));
    all.addAll(List.of(arguments));
    return phistream(all.toArray());
  }

  private static CommandRun phistream(Object... arguments) {
    return CommandRun.of(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
  }

  /** The JSON objects that a run printed, one a line. */
  private static List<JsonNode> json(CommandRun run) throws JsonProcessingException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.lines()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static byte[] input(Path image) throws Exception {
    return new Preprocessor(Preprocessing.imagenet(size, 1))
        .apply(new ImageDecoder(DecodeLimits.DEFAULT).decode(Files.readAllBytes(image)));
  }

  private Path tensorFile(String name, List<Integer> shape, float[] values) throws Exception {
    Map<String, Tensor> tensors = Map.of(name, new Tensor(shape, values));
    return Files.write(
        folder.resolve("tensor.safetensors"),
        Safetensors.write(tensors, Safetensors.Precision.F32));
  }

  private static double[] logits(JsonNode line) {
    double[] logits = new double[line.get("logits").size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = line.get("logits").get(i).asDouble();
    }
    return logits;
  }

  private static void assertSameLogits(double[] logits, double[] expected) {
    double spread = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(logits).containsExactly(expected, offset(1e-3 * spread));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
