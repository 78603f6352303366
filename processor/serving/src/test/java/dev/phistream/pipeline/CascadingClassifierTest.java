package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CascadingClassifierTest {
  private static final Cascade CASCADE = new Cascade("small", 1.5, 0.9);

  private final Map<String, ImageRequest> requests = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
  private final CascadingClassifier classifier =
      new CascadingClassifier(
          request -> {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            requests.put(request.variant(), request);
            answers.put(request.variant(), answer);
            return answer;
          });

  @Test
  void a_small_variant_that_is_sure_answers_and_nobody_else_is_asked() {
    CompletableFuture<Answer> answer = classifier.submit(request(CASCADE));

    answer("small", 0.9, 10);

    assertThat(answer.join().model()).isEqualTo("model of small");
    assertThat(answer.join().cascaded()).isEqualTo(new Answer.Cascaded("small", "small", 0.9, 0.9));
    assertThat(requests).containsOnlyKeys("small");
  }

  @Test
  void one_that_is_not_sure_makes_the_large_one_answer_in_the_time_that_is_left() {
    CompletableFuture<Answer> answer = classifier.submit(request(CASCADE));

    answer("small", 0.89, 10);
    assertThat(answer).isNotDone();
    answer("large", 0.5, 30);

    assertThat(asked("large").objective()).isEqualTo(Duration.ofMillis(90));
    assertThat(answer.join().model()).isEqualTo("model of large");
    assertThat(answer.join().cascaded())
        .isEqualTo(new Answer.Cascaded("large", "small", 0.89, 0.9));
    assertThat(answer.join().timings().total()).isEqualTo(Duration.ofMillis(40));
  }

  @Test
  void the_temperature_is_for_the_small_variant_alone() {
    var unused = classifier.submit(request(CASCADE));
    answer("small", 0, 200);

    assertThat(asked("small").cascade()).isEqualTo(CASCADE);
    assertThat(asked("large").cascade()).isNull();
    assertThat(asked("large").objective()).isPositive();
  }

  @Test
  void a_request_without_a_cascade_passes() {
    var unused = classifier.submit(request(null));

    assertThat(requests).containsExactly(entry("large", request(null)));
  }

  @Test
  void what_is_wrong_with_a_image_is_said_once() {
    CompletableFuture<Answer> answer = classifier.submit(request(CASCADE));

    future("small").completeExceptionally(new ClassificationException("image-torn", "torn"));

    assertThatThrownBy(answer::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ClassificationException.class);
    assertThat(requests).containsOnlyKeys("small");
  }

  @Test
  void cancelling_the_answer_cancels_the_stage_that_is_at_work() {
    CompletableFuture<Answer> answer = classifier.submit(request(CASCADE));
    answer("small", 0, 10);

    answer.cancel(false);

    assertThat(future("large")).isCancelled();
  }

  @Test
  void a_stage_that_is_cancelled_cancels_the_answer() {
    CompletableFuture<Answer> answer = classifier.submit(request(CASCADE));

    future("small").cancel(false);

    assertThat(answer).isCancelled();
    assertThatThrownBy(answer::join).isInstanceOf(CancellationException.class);
  }

  private static ImageRequest request(@Nullable Cascade cascade) {
    return new ImageRequest(
        new ImageSource.Reference("file:///a", "00", 3),
        "large",
        Duration.ofMillis(2),
        Duration.ofMillis(100),
        1,
        cascade);
  }

  private ImageRequest asked(String variant) {
    return Objects.requireNonNull(requests.get(variant), variant);
  }

  private CompletableFuture<Answer> future(String variant) {
    return Objects.requireNonNull(answers.get(variant), variant);
  }

  private void answer(String variant, double confidence, int totalMs) {
    Duration total = Duration.ofMillis(totalMs);
    future(variant)
        .complete(
            new Answer(
                List.of(new Answer.Label(1, "cat", 0.4f)),
                "model of " + variant,
                "00",
                "scripted",
                "cpu",
                1,
                new Answer.Timings(Duration.ZERO, Duration.ZERO, total, total),
                confidence,
                null));
  }
}
