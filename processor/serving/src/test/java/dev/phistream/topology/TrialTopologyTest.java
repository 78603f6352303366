package dev.phistream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import dev.phistream.metrics.TrialMeters;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ClassificationException;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.routing.Router;
import dev.phistream.routing.TierPolicy;
import dev.phistream.trial.Trial;
import dev.phistream.trial.Trials;
import dev.phistream.wire.RawEventReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results and comparisons are texts; the models answer when the test says so. */
@Timeout(60)
class TrialTopologyTest {
  private static final String OWN = "b0";
  private static final String OTHER = "trial:next";
  private static final int MOST_WAITING = 2;

  private final Map<String, CompletableFuture<Answer>> asked = new HashMap<>();
  private final Map<String, ImageRequest> requests = new HashMap<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private boolean stopped;
  private TopologyTestDriver driver = driver(new Trial("next", Trial.Kind.SHADOW, OWN, 1, 0));

  @AfterEach
  void stop() {
    if (!stopped) {
      stopped = true;
      driver.close();
    }
  }

  @Test
  void a_result_does_not_wait_for_the_shadow_and_the_comparison_follows() {
    send("cat");
    answer(OWN, "cat", "tabby", 0.75f);
    tick();
    assertThat(read("labels.latency")).containsExactly("cat: tabby by b0");
    assertThat(read("labels.comparison")).isEmpty();

    answer(OTHER, "cat", "tiger", 0.5f);
    tick();
    assertThat(read("labels.comparison"))
        .containsExactly("next cat: tabby by b0, tiger by trial:next, agreed false, -0.25");
    assertThat(count("disagreed")).isEqualTo(1);
  }

  @Test
  void a_shadow_that_is_faster_waits_for_the_result() {
    send("cat");
    answer(OTHER, "cat", "tabby", 0.5f);
    tick();
    assertThat(read("labels.comparison")).isEmpty();

    answer(OWN, "cat", "tabby", 0.5f);
    tick();
    assertThat(read("labels.comparison"))
        .containsExactly("next cat: tabby by b0, tabby by trial:next, agreed true, 0.00");
    assertThat(count("agreed")).isEqualTo(1);
  }

  @Test
  void a_shadow_is_less_urgent_than_any_event() {
    send("cat");

    assertThat(Objects.requireNonNull(requests.get(OTHER + " cat")).objective())
        .isEqualTo(Trials.OBJECTIVE);
  }

  @Test
  void comparisons_beyond_those_that_may_wait_are_skipped_and_counted() {
    for (String image : List.of("one", "two", "three")) {
      send(image);
      answer(OWN, image, "cat", 0.5f);
    }
    tick();

    assertThat(asked).doesNotContainKey(OTHER + " three");
    assertThat(read("labels.latency")).hasSize(3);
    assertThat(count("skipped")).isEqualTo(1);
  }

  @Test
  void a_shadow_that_fails_is_counted_and_changes_nothing() {
    send("cat");
    fail(OTHER, "cat", "inference-failed");
    answer(OWN, "cat", "tabby", 0.75f);
    tick();

    assertThat(read("labels.latency")).containsExactly("cat: tabby by b0");
    assertThat(read("labels.comparison")).isEmpty();
    assertThat(count("failed")).isEqualTo(1);
  }

  @Test
  void an_event_without_an_answer_is_not_compared() {
    send("torn");
    fail(OWN, "torn", "image-truncated");
    tick();

    assertThat(read("images.dead-letters")).containsExactly("torn");
    assertThat(count("unanswered")).isEqualTo(1);
    assertThat(Objects.requireNonNull(asked.get(OTHER + " torn")).isCancelled()).isTrue();
  }

  @Test
  void what_waits_when_the_task_stops_is_given_up_and_counted() {
    send("answered");
    answer(OWN, "answered", "cat", 0.5f);
    tick();
    send("in flight");

    stop();

    assertThat(count("abandoned")).isEqualTo(1); // the other begins anew with its event
    assertThat(asked.values()).allMatch(CompletableFuture::isDone);
  }

  @Test
  void a_canary_answers_in_the_variants_place() {
    canary(0);
    send("cat");
    answer(OTHER, "cat", "tiger", 0.5f);
    tick();

    assertThat(read("labels.latency")).containsExactly("cat: tiger by trial:next");
    assertThat(asked).doesNotContainKey(OWN + " cat");
    assertThat(count("answered")).isEqualTo(1);
  }

  @Test
  void a_canarys_answer_can_be_compared_with_the_variants_own() {
    canary(1);
    send("cat");
    answer(OTHER, "cat", "tiger", 0.5f);
    answer(OWN, "cat", "tabby", 0.75f);
    tick();

    assertThat(read("labels.comparison"))
        .containsExactly("next cat: tiger by trial:next, tabby by b0, agreed false, 0.25");
  }

  @Test
  void where_a_canary_fails_the_variants_own_model_answers() {
    canary(0);
    send("cat");
    fail(OTHER, "cat", "inference-failed");
    answer(OWN, "cat", "tabby", 0.75f);
    tick();

    assertThat(read("labels.latency")).containsExactly("cat: tabby by b0");
    assertThat(read("images.dead-letters")).isEmpty();
    assertThat(count("fell_back")).isEqualTo(1);
  }

  @Test
  void a_broken_image_is_not_the_canarys_failure() {
    canary(0);
    send("torn");
    fail(OTHER, "torn", "image-truncated");
    tick();

    assertThat(read("images.dead-letters")).containsExactly("torn");
    assertThat(count("fell_back")).isZero();
  }

  @Test
  void a_canary_that_nobody_waits_for_any_more_is_cancelled() {
    canary(0);
    send("cat");

    stop();

    assertThat(Objects.requireNonNull(asked.get(OTHER + " cat")).isCancelled()).isTrue();
  }

  private void canary(double compared) {
    driver.close();
    driver = driver(new Trial("next", Trial.Kind.CANARY, OWN, 1, compared));
  }

  private TopologyTestDriver driver(Trial trial) {
    TierPolicy policy = new TierPolicy(OWN, Duration.ofMillis(2));
    ClassifyParts parts =
        new ClassifyParts(
            this::submit,
            new Router(
                List.of(OWN),
                Map.of(Tier.LATENCY, policy, Tier.BALANCED, policy, Tier.ACCURACY, policy),
                Tier.LATENCY,
                (variant, objective) -> Prediction.NONE),
            new Trials(List.of(trial), MOST_WAITING, new TrialMeters(meters)),
            new RawEventReader(),
            TopicNames.DEFAULTS,
            (topic, result) ->
                "%s: %s by %s"
                    .formatted(
                        result.getEventId(),
                        result.getLabels().get(0).getLabel(),
                        result.getModel().getId())
                    .getBytes(UTF_8),
            (topic, c) ->
                "%s %s: %s by %s, %s by %s, agreed %s, %.2f"
                    .formatted(
                        c.getTrial(),
                        c.getEventId(),
                        c.getAnswered().getLabels().get(0).getLabel(),
                        c.getAnswered().getModel().getId(),
                        c.getOther().getLabels().get(0).getLabel(),
                        c.getOther().getModel().getId(),
                        c.getAgreed(),
                        c.getScoreDifference())
                    .getBytes(UTF_8),
            new Drain(),
            Safeguards.unlimited(new WindowSettings(8, 1 << 20), () -> false),
            new ClassifySettings(5, Duration.ofMillis(5), Duration.ofSeconds(60)));
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "trial-topology-test");
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return new TopologyTestDriver(TopologyFactory.topology(parts, Map.of()), properties);
  }

  private CompletableFuture<Answer> submit(ImageRequest request) {
    String image = new String(((ImageSource.Inline) request.image()).bytes(), UTF_8);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    String name = request.variant() + " " + image;
    requests.put(name, request);
    asked.put(name, answer);
    return answer;
  }

  private void answer(String slot, String image, String label, float score) {
    future(slot, image)
        .complete(
            new Answer(
                List.of(new Answer.Label(7, label, score)),
                slot,
                "00ff",
                "scripted",
                "cpu",
                1,
                new Answer.Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO)));
  }

  private void fail(String slot, String image, String code) {
    future(slot, image).completeExceptionally(new ClassificationException(code, "scripted"));
  }

  private CompletableFuture<Answer> future(String slot, String image) {
    return Objects.requireNonNull(
        asked.get(slot + " " + image), () -> "only " + asked.keySet() + " was asked");
  }

  private void send(String image) {
    Headers headers = new RecordHeaders().add("id", image.getBytes(UTF_8));
    TestInputTopic<byte[], byte[]> images =
        driver.createInputTopic("images", new ByteArraySerializer(), new ByteArraySerializer());
    images.pipeInput(new TestRecord<>(null, image.getBytes(UTF_8), headers));
  }

  private void tick() {
    driver.advanceWallClockTime(Duration.ofMillis(5));
  }

  private List<String> read(String topic) {
    if (!driver.producedTopicNames().contains(topic)) {
      return List.of();
    }
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readValuesToList()
        .stream()
        .map(value -> new String(value, UTF_8))
        .toList();
  }

  private double count(String outcome) {
    Counter counter =
        meters.find("phistream.trial.events").tags("trial", "next", "outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }
}
