package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.Safetensors;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.SimulatedEngine;
import dev.phistream.testkit.TinyModels;
import dev.phistream.trial.Trial;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models are real and tiny, devices are simulated. */
@Timeout(60)
class ServingTest {
  private static final ComputeDevice FIRST = ComputeDevice.gpu(0);
  private static final ComputeDevice SECOND = ComputeDevice.gpu(1);

  @TempDir static Path repository;

  @BeforeAll
  static void write_models() throws Exception {
    TinyModels.write(repository, "tiny", -8);
    ModelCard card = TinyModels.write(repository, "less-tiny", -7);
    ModelDirectory.write(
        repository.resolve("others"),
        new ModelCard(
            "others",
            "others",
            card.architecture(),
            card.scaling(),
            card.classes(),
            card.conventions(),
            card.preprocessing(),
            "",
            null),
        List.of("dog", "eel", "fox"),
        TinyModels.tensors(card.network(), 1),
        Safetensors.Precision.F32);
  }

  @Test
  void each_gpu_gets_one_worker_and_every_batch_size_is_warm() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(2);

    try (Serving serving = start(engine, Map.of("batch.max-size", "4"))) {
      assertThat(serving.devices()).containsExactly("gpu:0", "gpu:1");
      assertThat(engine.ran(FIRST)).containsExactly(4, 3, 2, 1, 1, 1, 1, 4, 3, 2, 1, 1, 1, 1);
      assertThat(engine.ran(SECOND)).isEqualTo(engine.ran(FIRST));
    }
    assertThat(engine.open()).isZero();
  }

  @Test
  void a_model_is_prepared_once_for_all_workers() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(0);

    try (Serving serving = start(engine, Map.of("workers", "3"))) {
      assertThat(serving.devices()).containsExactly("cpu", "cpu", "cpu");
      assertThat(engine.loads()).isEqualTo(2);
    }
  }

  @Test
  void micro_batches_spread_over_the_gpus_and_answers_name_them() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(2);
    try (Serving serving = start(engine, Map.of("batch.max-size", "2"))) {
      engine.meet(2); // neither GPU goes on before both are at work

      Map<String, Long> answers =
          classify(serving, 4).stream()
              .collect(Collectors.groupingBy(Answer::device, Collectors.counting()));

      assertThat(answers).containsOnlyKeys("gpu:0", "gpu:1");
    }
  }

  @Test
  void a_gpu_with_less_memory_gets_smaller_micro_batches() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(2).memory(SECOND, 5);

    try (Serving serving = start(engine, Map.of("batch.max-size", "8"))) {
      assertThat(serving.batchLimit(0, "tiny")).isEqualTo(8);
      assertThat(serving.batchLimit(1, "tiny")).isEqualTo(4);
    }
  }

  @Test
  void sizes_that_a_gpu_pads_are_not_warmed() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(1).padding();

    try (Serving serving = start(engine, Map.of("batch.max-size", "8"))) {
      assertThat(serving.batchLimit(0, "tiny")).isEqualTo(8);
      assertThat(engine.ran(FIRST)).startsWith(8, 4, 2, 1).doesNotContain(3, 5, 6, 7);
    }
  }

  @Test
  void batches_are_as_large_as_the_strictest_objective_of_their_variant_allows() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(1);
    Map<String, String> settings =
        Map.of("tiers.latency.objective", "PT0.000000001S", "tiers.balanced.objective", "1h");

    try (Serving serving = start(engine, settings)) {
      String strict = serving.variants().get(0);
      String generous = serving.variants().get(1);

      assertThat(serving.batchTarget(0, strict)).isEqualTo(1);
      assertThat(serving.batchTarget(0, generous)).isEqualTo(8);
    }
  }

  @Test
  void a_gpu_that_loses_memory_later_answers_all_the_same() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(1);
    try (Serving serving = start(engine, Map.of("batch.max-size", "8"))) {
      engine.memory(FIRST, 1);

      assertThat(classify(serving, 12)).hasSize(12);
      assertThat(engine.ran(FIRST)).endsWith(1);
    }
  }

  @Test
  void no_memory_for_a_single_image_ends_the_start_and_leaves_nothing_loaded() {
    SimulatedEngine engine = SimulatedEngine.withGpus(1).memory(FIRST, 0);

    assertThatThrownBy(() -> start(engine, Map.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "gpu:0 cannot run even a single image (expected: memory enough for one");
    assertThat(engine.open()).isZero();
  }

  @Test
  void a_device_that_is_not_there_is_a_setting_that_cannot_be() {
    SimulatedEngine engine = SimulatedEngine.withGpus(0, "no driver");

    assertThatThrownBy(() -> start(engine, Map.of("device", "gpu:0,gpu:1")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("device: gpu:0,gpu:1 (expected here")
        .hasMessageEndingWith("; no driver; set by the program");
  }

  @Test
  void the_model_of_a_trial_is_loaded_beside_the_variants_own() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(1);
    Map<String, String> trial =
        Map.of(
            "trials.next.kind", "shadow",
            "trials.next.variant", "tiny",
            "trials.next.model", "less-tiny",
            "trials.next.share", "0.5");

    try (Serving serving = start(engine, trial)) {
      assertThat(serving.trials()).extracting(Trial::slot).containsExactly("trial:next");
      assertThat(serving.variants()).containsExactly("tiny", "less-tiny");
      assertThat(classify(serving, "trial:next", 1).get(0).model()).isEqualTo("less-tiny");
    }
    assertThat(engine.open()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "variant=b9 | trials.next.variant: b9 (expected: one of tiny, less-tiny; set by the"
            + " program)",
        "share=2 | trials.next.share: 2 (expected: a number, above 0, at most 1; set by",
        "compare-share=0.1 | trials.next.compare-share: 0.1 (expected: not set for a shadow",
        "kind=canary | trials.next.model: less-tiny (expected: a model of variant tiny",
        "model=others | trials.next.model: others (expected: a model with the same classes in the"
            + " same order as tiny",
      })
  void a_trial_that_cannot_be_is_refused_at_the_start(String setting, String message) {
    Map<String, String> trial =
        new HashMap<>(
            Map.of(
                "trials.next.kind", "shadow",
                "trials.next.variant", "tiny",
                "trials.next.model", "less-tiny",
                "trials.next.share", "0.5"));
    int equals = setting.indexOf('=');
    trial.put("trials.next." + setting.substring(0, equals), setting.substring(equals + 1));

    assertThatThrownBy(() -> start(SimulatedEngine.withGpus(0), trial))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void a_variant_has_one_trial_at_most() {
    Map<String, String> trials = new HashMap<>();
    for (String name : List.of("first", "second")) {
      trials.put("trials." + name + ".kind", "shadow");
      trials.put("trials." + name + ".variant", "tiny");
      trials.put("trials." + name + ".model", "less-tiny");
      trials.put("trials." + name + ".share", "0.5");
    }

    assertThatThrownBy(() -> start(SimulatedEngine.withGpus(0), trials))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "trials.second.variant: tiny (expected: a variant without a trial; trial first has this"
                + " one; set by the program)");
  }

  private static Serving start(SimulatedEngine engine, Map<String, String> settings)
      throws Exception {
    Map<String, String> all = new HashMap<>(settings);
    all.put("models", "tiny,less-tiny");
    all.put("model-repository", repository.toString());
    Settings config = Settings.of(all);
    return Serving.start(
        config, ResolvedModels.of(config), engine, new SimpleMeterRegistry(), true);
  }

  private static List<Answer> classify(Serving serving, int images) {
    return classify(serving, "tiny", images);
  }

  private static List<Answer> classify(Serving serving, String variant, int images) {
    ImageSource image = new ImageSource.Inline(EncodedImages.png(20, 20, 1));
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      answers.add(
          serving.classifier().submit(new ImageRequest(image, variant, Duration.ofMillis(200), 1)));
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }
}
