package dev.phistream.pipeline;

import dev.phistream.batching.Batched;
import dev.phistream.batching.Urgency;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Makes answers of network outputs, and tells who waits for them: off the device's thread, which
 * only feeds the device. Thread-safe.
 */
final class AnswerStage {
  /** What the network said, in the words of its classes. */
  record Said(List<Answer.Label> labels, double confidence) {}

  /** What is done with it, on a thread of the stage. */
  interface Next {
    void said(Said said);
  }

  private final Stage stage;

  AnswerStage(Stage stage) {
    this.stage = stage;
  }

  /** Ends when all is done. */
  CompletableFuture<Void> answer(
      Batched<float[]> output,
      ServedModel model,
      ImageRequest request,
      Urgency urgency,
      Next next) {
    return stage.submit(
        urgency,
        () -> {
          next.said(said(output.output(), model, request));
          return null;
        });
  }

  private static Said said(float[] logits, ServedModel model, ImageRequest request) {
    List<Answer.Label> labels = model.labels().top(logits, request.topK());
    Cascade cascade = request.cascade();
    return new Said(
        labels,
        cascade == null ? labels.get(0).score() : Labels.confidence(logits, cascade.temperature()));
  }
}
