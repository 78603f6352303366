package dev.phistream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Classification;
import dev.phistream.event.Comparison;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Tier;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.Op;
import dev.phistream.pipeline.Labels;
import dev.phistream.repository.Aliases;
import dev.phistream.repository.ModelRepository;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.ProcessorProcess;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models change under load and beside a trial, in a processor of its own. */
@Timeout(180)
@ExtendWith(BrokerKit.Extension.class)
class ModelSwitchIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final List<byte[]> IMAGES =
      IntStream.range(0, 8).mapToObj(seed -> EncodedImages.jpeg(90, 90, seed)).toList();

  @TempDir private Path models;

  private final BrokerKit kafka;
  private final String name;

  ModelSwitchIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.name = kafka.unique("switch");
  }

  @Test
  void models_change_under_load_and_each_result_names_the_one_that_answered() throws Exception {
    Map<String, List<Float>> scores = new HashMap<>();
    for (int seed = 1; seed <= 2; seed++) {
      var unused = TinyModels.write(models, "model-" + seed, "small", -11, seed);
      scores.put("model-" + seed, scores("model-" + seed));
    }
    var unusedTrial = TinyModels.write(models, "trial", "smaller", -12, 4);
    var broken = TinyModels.write(models, "broken", "small", -11, 3);
    Files.write(models.resolve(broken.id()).resolve("model.safetensors"), new byte[1000]);
    Aliases aliases = new Aliases(new ModelRepository(models), InstantSource.system());
    aliases.set("live", "model-1");
    kafka.createTopics(2, name, labels(), name + "-dead-letters", name + "-comparisons");
    AtomicBoolean loaded = new AtomicBoolean(true);
    List<String> sent = new ArrayList<>();
    Thread load = new Thread(() -> sendWhile(loaded, sent), "load");

    try (ProcessorProcess processor = start()) {
      load.start();
      await("results of model-1", processor, () -> answeredBy("model-1") > 20);
      aliases.set("live", "model-2");
      await("results of model-2", processor, () -> answeredBy("model-2") > 20);
      aliases.set("live", "broken");
      await("the refusal", processor, () -> processor.output().contains("is refused"));
      aliases.set("live", "model-1");
      long before = answeredBy("model-1");
      await("results of model-1 again", processor, () -> answeredBy("model-1") > before + 20);
      loaded.set(false);
      load.join();
      await("all results", processor, () -> results().size() >= sent.size());
      assertThat(processor.terminate()).isZero();
      assertThat(processor.output())
          .contains("live changed, but its model is refused", "broken: model.safetensors");
    } finally {
      loaded.set(false);
    }

    checkComparisons(sent);
    List<Classification> results = results();
    assertThat(results.stream().map(Classification::getEventId))
        .containsExactlyInAnyOrderElementsOf(sent);
    for (Classification result : results) {
      String model = result.getModel().getId();
      int image = Integer.parseInt(result.getEventId()) % IMAGES.size();
      assertThat(result.getModel().getWeightsDigest())
          .isEqualTo(ModelDirectory.on(models.resolve(model)).card().weightsDigest());
      assertThat(result.getLabels().get(0).getScore())
          .as("score of event %s by %s", result.getEventId(), model)
          .isCloseTo(
              Objects.requireNonNull(scores.get(model), model).get(image), Offset.offset(1e-4f));
    }
    assertThat(kafka.readAll(name + "-dead-letters")).isEmpty();
  }

  /** The trial's model never answered, and was asked at most once about any event. */
  private void checkComparisons(List<String> sent) throws Exception {
    String digest = ModelDirectory.on(models.resolve("trial")).card().weightsDigest();
    List<Comparison> comparisons =
        kafka.readAll(name + "-comparisons").stream().map(ModelSwitchIT::comparison).toList();
    assertThat(comparisons)
        .isNotEmpty()
        .allSatisfy(
            comparison -> {
              assertThat(comparison.getOther().getModel())
                  .isEqualTo(new ModelReference("trial", digest));
              assertThat(comparison.getAnswered().getModel().getId()).startsWith("model-");
            });
    assertThat(comparisons.stream().map(Comparison::getEventId))
        .doesNotHaveDuplicates()
        .isSubsetOf(sent);
  }

  /** The best label's score for each image, as a model alone gives it. */
  private List<Float> scores(String id) throws Exception {
    Model model = ModelDirectory.on(models.resolve(id)).load();
    Preprocessor preprocessor = new Preprocessor(model.card().preprocessing());
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    List<Float> scores = new ArrayList<>();
    try (NetworkRunner runner =
        Engines.start("onnxruntime", 1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      for (byte[] image : IMAGES) {
        float[] logits = runner.logits(List.of(preprocessor.apply(decoder.decode(image)))).get(0);
        scores.add(new Labels(model.labels()).top(logits, 1).get(0).score());
      }
    }
    return scores;
  }

  private void sendWhile(AtomicBoolean loaded, List<String> sent) {
    while (loaded.get()) {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String id = String.valueOf(sent.size());
        byte[] image = IMAGES.get(sent.size() % IMAGES.size());
        records.add(
            new ProducerRecord<>(
                name,
                sent.size() % 2,
                null,
                SingleObjectCodec.imageEvents()
                    .encode(
                        ImageEvents.builder(id, "test", Instant.EPOCH, image)
                            .setTier(Tier.LATENCY)
                            .build())));
        sent.add(id);
      }
      kafka.send(records);
    }
  }

  private ProcessorProcess start() {
    return ProcessorProcess.start(settings(), Map.of("PHISTREAM_LOG_LEVEL", "ERROR")).awaitReady();
  }

  private void await(String what, ProcessorProcess processor, BooleanSupplier condition) {
    try {
      Awaitility.await(what)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .failFast("the processor is alive", processor::checkAlive)
          .until(condition::getAsBoolean);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(what + " did not come; the processor said " + processor.output(), e);
    }
  }

  private long answeredBy(String model) {
    return results().stream().filter(r -> r.getModel().getId().equals(model)).count();
  }

  private List<Classification> results() {
    return kafka.readAll(labels()).stream().map(ModelSwitchIT::read).toList();
  }

  private static Classification read(ConsumerRecord<byte[], byte[]> result) {
    try {
      return SingleObjectCodec.classifications().decode(result.value());
    } catch (dev.phistream.schema.UnreadableRecordException e) {
      throw new AssertionError("a result that is none", e);
    }
  }

  private static Comparison comparison(ConsumerRecord<byte[], byte[]> record) {
    try {
      return SingleObjectCodec.comparisons().decode(record.value());
    } catch (dev.phistream.schema.UnreadableRecordException e) {
      throw new AssertionError("a comparison that is none", e);
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap", kafka.bootstrap());
    settings.put("application-id", name);
    settings.put("model-repository", models.toString());
    settings.put("models", "live");
    settings.put("model-switch.poll", "100ms");
    settings.put("trials.next.kind", "shadow");
    settings.put("trials.next.variant", "small");
    settings.put("trials.next.model", "trial");
    settings.put("trials.next.share", "0.5");
    settings.put("topics.comparisons", name + "-comparisons");
    settings.put("topics.input", name);
    settings.put("topics.labels", labels());
    settings.put("topics.dead-letters", name + "-dead-letters");
    return settings;
  }

  private String labels() {
    return name + "-labels";
  }
}
