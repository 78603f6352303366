package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Scaling;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Aliases on the command line, with real networks. */
@Timeout(120)
class ModelsSwitchCommandTest {
  @TempDir Path models;

  @BeforeEach
  void two_models() throws Exception {
    ModelCard one = TinyModels.write(models, "one", "small", -12, 1);
    ModelCard two = TinyModels.write(models, "two", "small", -12, 2);
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void an_alias_is_given_to_a_model_given_to_another_and_given_back() throws Exception {
    assertThat(models("switch", "live", "one").out()).startsWith("live → one, SHA-256 ");
    assertThat(models("switch", "live", "two").out()).contains("live → two, ", ", before: one");
    assertThat(models("rollback", "live").out()).contains("live → one, before: two");

    assertThat(models("aliases").lines().get(1)).startsWith("live ").contains("one", "two");
    assertThat(ModelDirectory.on(models.resolve("two")).probes()).isPresent();
    assertThat(models("verify", "live").out()).startsWith("live  whole: ");
  }

  @Test
  void a_broken_model_leaves_the_alias_where_it_is() throws Exception {
    assertThat(models("switch", "live", "one").code()).isZero();
    Path weights = models.resolve("two/model.safetensors");
    Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 2000));

    CommandRun run = models("switch", "live", "two");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("model.safetensors");
    assertThat(models("aliases", "--json").out()).contains("\"model\":\"one\"");
  }

  @Test
  void a_models_own_name_is_no_alias_and_an_alias_no_model() {
    assertThat(models("switch", "one", "two").err())
        .contains("alias one: a model in " + models + " has this id (expected: a name of its own");
    assertThat(models("switch", "live", "one").code()).isZero();
    assertThat(models("switch", "next", "live").err()).contains("model live: an alias itself");
  }

  @Test
  void a_switch_to_the_same_model_keeps_the_way_back() {
    assertThat(models("switch", "live", "one").code()).isZero();
    assertThat(models("switch", "live", "two").code()).isZero();

    assertThat(models("switch", "live", "two").out())
        .contains("live → two already; nothing is changed");
    assertThat(models("switch", "live", models.resolve("two").toString()).out())
        .contains("nothing is changed");

    assertThat(models("rollback", "live").out()).contains("live → one, before: two");
  }

  @Test
  void a_model_of_another_variant_never_gets_the_alias() throws Exception {
    var unused = TinyModels.write(models, "large", "large", -11, 3);
    assertThat(models("switch", "live", "one").code()).isZero();

    for (String wish : List.of("--json", "--allow-label-change")) {
      CommandRun run =
          wish.equals("--json")
              ? models("switch", "live", "large")
              : models("switch", "live", "large", wish);

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err())
          .contains("model large: of variant large (expected: small, the variant of one");
    }
    assertThat(models("aliases", "--json").out()).contains("\"model\":\"one\"");
  }

  @Test
  void a_model_with_other_classes_gets_the_alias_only_if_that_is_wanted() throws Exception {
    Files.writeString(models.resolve("two/labels.txt"), "cat\nbee\nant\n");
    assertThat(models("switch", "live", "one").code()).isZero();

    CommandRun refused = models("switch", "live", "two");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "model two: its classes are not those of one: class 0 is cat, not ant (expected: the"
                + " same names in the same order, or --allow-label-change)");
    assertThat(models("aliases", "--json").out()).contains("\"model\":\"one\"");
    assertThat(models("switch", "live", "two", "--allow-label-change").code()).isZero();
    assertThat(models("rollback", "live").err()).contains("its classes are not those of two");
    assertThat(models("rollback", "live", "--allow-label-change").code()).isZero();
  }

  @Test
  void a_model_for_another_input_gets_the_alias_only_if_that_is_wanted() throws Exception {
    ModelDirectory two = ModelDirectory.on(models.resolve("two"));
    ModelCard card = two.card();
    Preprocessing own = card.preprocessing();
    int size = own.size() + 8;
    Model model = two.load();
    var unused =
        ModelDirectory.write(
            models.resolve("two"),
            new ModelCard(
                "two",
                "small",
                card.architecture(),
                new Scaling(card.scaling().width(), card.scaling().depth(), size),
                card.classes(),
                card.conventions(),
                new Preprocessing(size, own.cropFraction(), own.mean(), own.std()),
                "",
                null),
            model.labels(),
            model.weights().tensors(),
            Safetensors.Precision.F32);
    assertThat(models("switch", "live", "one").code()).isZero();

    assertThat(models("switch", "live", "two").err())
        .contains("model two: images of %d × %d pixels (expected: ".formatted(size, size));
    assertThat(models("switch", "live", "two", "--allow-label-change").code()).isZero();
  }

  @Test
  void a_broken_model_can_be_left_behind() throws Exception {
    assertThat(models("switch", "live", "one").code()).isZero();
    assertThat(models("switch", "live", "two").code()).isZero();
    Files.delete(models.resolve("two/model.json"));

    CommandRun run = models("rollback", "live");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).startsWith("note: two is not compared: ");
    assertThat(run.out()).contains("live → one, before: two");
  }

  @Test
  void there_is_no_way_back_from_the_first() {
    assertThat(models("rollback", "live").err()).contains("alias live: not in " + models);
    assertThat(models("switch", "live", "one").code()).isZero();
    assertThat(models("rollback", "live").err())
        .contains("alias live: stood for nothing before one");
  }

  private CommandRun models(String... arguments) {
    return CommandRun.of(
        Stream.concat(
                Stream.of("models"),
                Stream.concat(Arrays.stream(arguments), Stream.of("--models", models.toString())))
            .toArray(String[]::new));
  }
}
