package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
