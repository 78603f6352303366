package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.inference.ComputeDevice;
import dev.phistream.model.ModelException;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.testkit.EncodedPictures;
import dev.phistream.testkit.SimulatedEngine;
import dev.phistream.testkit.TinyModels;
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

/** Models are real and tiny, devices are simulated. */
@Timeout(60)
class ServingTest {
  private static final ComputeDevice FIRST = ComputeDevice.gpu(0);
  private static final ComputeDevice SECOND = ComputeDevice.gpu(1);

  @TempDir static Path repository;

  @BeforeAll
  static void write_models() throws Exception {
    TinyModels.write(repository, "tiny", -8);
    TinyModels.write(repository, "less-tiny", -7);
  }

  @Test
  void each_gpu_gets_one_worker_and_every_batch_size_is_warm() throws Exception {
    SimulatedEngine engine = SimulatedEngine.withGpus(2);

    try (Serving serving = start(engine, Map.of("batch.max-size", "4"))) {
      assertThat(serving.devices()).containsExactly("gpu:0", "gpu:1");
      assertThat(engine.ran(FIRST)).containsExactly(4, 3, 2, 1, 4, 3, 2, 1);
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
  void no_memory_for_a_single_picture_ends_the_start_and_leaves_nothing_loaded() {
    SimulatedEngine engine = SimulatedEngine.withGpus(1).memory(FIRST, 0);

    assertThatThrownBy(() -> start(engine, Map.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("gpu:0 has no memory for a single picture (expected: enough for one");
    assertThat(engine.open()).isZero();
  }

  @Test
  void a_device_that_is_not_there_is_a_setting_that_cannot_be() {
    SimulatedEngine engine = SimulatedEngine.withGpus(0, "no driver");

    assertThatThrownBy(() -> start(engine, Map.of("device", "gpu:0,gpu:1")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("device: gpu:0,gpu:1 (expected here")
        .hasMessageEndingWith("; no driver");
  }

  private static Serving start(SimulatedEngine engine, Map<String, String> settings)
      throws Exception {
    Map<String, String> all = new HashMap<>(settings);
    all.put("models", "tiny,less-tiny");
    all.put("model-repository", repository.toString());
    return Serving.start(ConfigLoader.load(null, Map.of(), all), engine, new SimpleMeterRegistry());
  }

  private static List<Answer> classify(Serving serving, int pictures) {
    ImageSource picture = new ImageSource.Inline(EncodedPictures.png(20, 20, 1));
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < pictures; i++) {
      answers.add(
          serving
              .classifier()
              .submit(new ImageRequest(picture, "tiny", Duration.ofMillis(200), 1)));
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }
}
