package dev.phistream.topology;

import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A classifier whose answers come when the test says so. Images are texts here. */
final class ScriptedClassifier implements ImageClassifier {
  private final Map<String, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
  private final Map<String, ImageRequest> requests = new LinkedHashMap<>();
  private boolean atOnce;

  /** From now on every image is answered as soon as it comes. */
  ScriptedClassifier answeringAtOnce() {
    atOnce = true;
    return this;
  }

  @Override
  public CompletableFuture<Answer> submit(ImageRequest request) {
    String image =
        new String(((ImageSource.Inline) request.image()).bytes(), StandardCharsets.UTF_8);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    asked.put(image, answer);
    requests.put(image, request);
    if (atOnce) {
      answer(image);
    }
    return answer;
  }

  void answer(String image) {
    future(image).complete(labelled("label of " + image));
  }

  void answer(String image, Answer.Cascaded how) {
    Answer plain = labelled("label of " + image);
    future(image)
        .complete(
            new Answer(
                plain.labels(),
                plain.model(),
                plain.weightsDigest(),
                plain.engine(),
                plain.device(),
                plain.batchSize(),
                plain.timings(),
                how.confidence(),
                how));
  }

  void fail(String image, Exception error) {
    future(image).completeExceptionally(error);
  }

  ImageRequest request(String image) {
    return Objects.requireNonNull(requests.get(image), () -> image + " was not asked for");
  }

  /** The images that came and are not answered, in the order in which they came. */
  List<String> unanswered() {
    return asked.entrySet().stream()
        .filter(entry -> !entry.getValue().isDone())
        .map(Map.Entry::getKey)
        .toList();
  }

  private CompletableFuture<Answer> future(String image) {
    CompletableFuture<Answer> answer = asked.get(image);
    if (answer == null) {
      throw new AssertionError(image + " was not asked for, only " + asked.keySet());
    }
    return answer;
  }

  private static Answer labelled(String label) {
    return new Answer(
        List.of(new Answer.Label(7, label, 0.75f)),
        "model-1",
        "00ff",
        "scripted",
        "cpu",
        4,
        new Answer.Timings(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(3),
            Duration.ofMillis(6)));
  }
}
