package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.config.Settings;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelProbes;
import dev.phistream.model.Safetensors;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.repository.Aliases;
import dev.phistream.repository.ModelRepository;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.SimulatedEngine;
import dev.phistream.testkit.TinyModels;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models are real and tiny, devices are simulated; the watch looks when the test says so. */
@Timeout(60)
class ModelSwitchTest {
  private static final double PHI = -12;
  private static final byte[] IMAGE = EncodedImages.png(20, 20, 1);

  @TempDir Path repository;

  private final SimulatedEngine engine = SimulatedEngine.withGpus(2);
  private Aliases aliases;
  private Serving serving;
  private ModelCard one;

  @BeforeEach
  void serve_an_alias() throws Exception {
    one = TinyModels.write(repository, "one", "small", PHI, 1);
    ModelCard unused = TinyModels.write(repository, "two", "small", PHI, 2);
    aliases = new Aliases(new ModelRepository(repository), InstantSource.system());
    aliases.set("live", "one");
    serve();
  }

  private void serve() throws Exception {
    Settings config =
        Settings.of(
            Map.of(
                "models",
                "live",
                "model-repository",
                repository.toString(),
                "model-switch.poll",
                "0s",
                "batch.max-size",
                "2"));
    serving =
        Serving.start(config, ResolvedModels.of(config), engine, new SimpleMeterRegistry(), true);
  }

  @AfterEach
  void nothing_stays_in_memory() {
    serving.close();
    assertThat(engine.open()).isZero();
  }

  @Test
  void an_alias_that_is_given_to_another_model_takes_events_there_and_back() throws Exception {
    Answer before = answer();
    aliases.set("live", "two");
    serving.pollModels();
    Answer after = answer();
    int loads = engine.loads();
    aliases.rollback("live");
    serving.pollModels();

    assertThat(before.model()).isEqualTo("one");
    assertThat(after.model()).isEqualTo("two");
    assertThat(after.weightsDigest()).isNotEqualTo(before.weightsDigest()).hasSize(64);
    assertThat(after.labels()).isNotEqualTo(before.labels());
    assertThat(answer().model()).isEqualTo("one");
    assertThat(answer().labels()).isEqualTo(before.labels());
    assertThat(engine.loads()).as("loads for the way back").isEqualTo(loads);
  }

  @Test
  void an_alias_that_changed_while_the_models_were_loading_is_followed() throws Exception {
    aliases.set("live", "two");

    new ModelWatch(
            ModelRepository.locator(Optional.of(repository)),
            serving.models(),
            Map.of("small", "live"))
        .poll();

    assertThat(answer().model()).isEqualTo("two");
  }

  @Test
  void a_model_whose_files_are_replaced_in_place_is_served_anew() throws Exception {
    ModelCard retrained = TinyModels.write(repository, "one", "small", PHI, 7);
    serving.pollModels();

    assertThat(answer().weightsDigest())
        .isEqualTo(retrained.weightsDigest())
        .isNotEqualTo(one.weightsDigest());
  }

  @Test
  void the_model_before_is_kept_and_the_one_before_that_is_freed() throws Exception {
    ModelCard unused = TinyModels.write(repository, "three", "small", PHI, 3);
    int onTwoDevices = engine.open();

    switchTo("two");
    assertThat(engine.open()).isEqualTo(2 * onTwoDevices);
    switchTo("three");
    assertThat(engine.open()).isEqualTo(2 * onTwoDevices);
    assertThat(answer().model()).isEqualTo("three");
  }

  @Test
  void a_truncated_model_is_refused_and_taken_when_it_is_whole() throws Exception {
    Path weights = repository.resolve("two/model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
    aliases.set("live", "two");
    serving.pollModels();
    assertThat(answer().model()).isEqualTo("one");

    Files.write(weights, whole);
    serving.pollModels();

    assertThat(answer().model()).isEqualTo("two");
  }

  @Test
  void another_variants_model_is_refused() throws Exception {
    ModelCard unused = TinyModels.write(repository, "large", "large", PHI + 1, 1);

    assertRefused("large", "model large: of variant large (expected: variant small");
  }

  @Test
  void a_model_of_other_classes_is_refused() throws Exception {
    ModelDirectory two = ModelDirectory.on(repository.resolve("two"));
    ModelCard unused =
        ModelDirectory.write(
            repository.resolve("two"),
            two.card(),
            List.of("ant", "bee", "dog"),
            two.load().weights().tensors(),
            Safetensors.Precision.F32);

    assertRefused("two", "model two: its classes are not those of one");
  }

  @Test
  void a_model_that_computes_nan_is_refused() throws Exception {
    engine.breakModel("two");

    assertRefused("two", "model two: probe airplane-1.jpg: logit 0 is NaN (expected: a finite");
  }

  @Test
  void a_model_that_begins_to_compute_nan_gives_its_place_back() throws Exception {
    switchTo("two");
    engine.breakModel("two");

    assertThatThrownBy(this::answer).hasMessageContaining("logit 0 is NaN");

    Awaitility.await().until(() -> engine.open() == 2); // its runners are freed
    assertThat(answer().model()).isEqualTo("one");
    serving.pollModels();
    assertThat(answer().model()).as("after the next look").isEqualTo("one");
  }

  @Test
  void after_a_restart_the_alias_tells_which_model_was_before() throws Exception {
    aliases.set("live", "two");
    serving.close();
    serve();
    assertThat(answer().model()).isEqualTo("two");
    engine.breakModel("two");

    assertThatThrownBy(this::answer).hasMessageContaining("logit 0 is NaN");

    Awaitility.await().ignoreExceptions().until(() -> answer().model().equals("one"));
  }

  @Test
  void a_model_that_computes_nan_does_not_start() throws Exception {
    engine.breakModel("two");

    Settings config =
        Settings.of(Map.of("models", "two", "model-repository", repository.toString()));
    assertThatThrownBy(
            () ->
                Serving.start(
                    config, ResolvedModels.of(config), engine, new SimpleMeterRegistry(), true))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model two: probe airplane-1.jpg: logit 0 is NaN");
  }

  @Test
  void a_model_that_says_other_than_its_probes_is_refused() throws Exception {
    ModelDirectory.writeProbes(
        repository.resolve("two"),
        new ModelProbes(
            ModelDirectory.on(repository.resolve("two")).card().weightsDigest(),
            "another",
            List.of(new ModelProbes.Probe("mine", IMAGE, new float[] {1, 2, 3}))));

    assertRefused("two", "model two: logits of probe mine differ by ");
  }

  @Test
  void probes_of_other_weights_are_refused() throws Exception {
    ModelDirectory.writeProbes(
        repository.resolve("two"),
        new ModelProbes(
            "other", "any", List.of(new ModelProbes.Probe("mine", IMAGE, new float[3]))));

    assertRefused("two", "probes.json is of weights other (expected: ");
  }

  @Test
  void a_model_that_has_no_room_is_refused() throws Exception {
    engine.memory(ComputeDevice.gpu(1), 0);

    assertThatThrownBy(() -> to("two"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("gpu:1 cannot run even a single image");
    engine.memory(ComputeDevice.gpu(1), 8);
    assertThat(answer().model()).isEqualTo("one");
  }

  private void assertRefused(String id, String reason) throws Exception {
    int open = engine.open();

    assertThatThrownBy(() -> to(id))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(reason);
    assertThat(answer().model()).isEqualTo("one");
    assertThat(engine.open()).as("runners").isEqualTo(open);
  }

  private void switchTo(String id) throws ModelException {
    assertThat(to(id)).isTrue();
  }

  private boolean to(String id) throws ModelException {
    return serving.models().to("small", ModelDirectory.on(repository.resolve(id)));
  }

  private Answer answer() {
    return serving
        .classifier()
        .submit(new ImageRequest(new ImageSource.Inline(IMAGE), "small", Duration.ZERO, 3))
        .join();
  }
}
