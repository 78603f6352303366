package dev.phistream.pipeline;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks a request's small variant first, and the wanted one if it is not sure. Requests without a
 * cascade pass. Thread-safe.
 */
public final class CascadingClassifier implements ImageClassifier {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final ImageClassifier models;

  /**
   * Creates a classifier.
   *
   * @param models answers for each variant; is also called by the threads that complete its answers
   */
  public CascadingClassifier(ImageClassifier models) {
    this.models = models;
  }

  @Override
  public CompletableFuture<Answer> submit(ImageRequest request) {
    Cascade cascade = request.cascade();
    return cascade == null ? models.submit(request) : new Stages(request, cascade).begin();
  }

  /** The way of one image. */
  private final class Stages {
    private final ImageRequest request;
    private final Cascade cascade;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    Stages(ImageRequest request, Cascade cascade) {
      this.request = request;
      this.cascade = cascade;
    }

    CompletableFuture<Answer> begin() {
      ask(
          new ImageRequest(
              request.image(),
              cascade.small(),
              request.maxDelay(),
              request.objective(),
              request.topK(),
              cascade),
          this::afterSmall);
      return answer;
    }

    private void afterSmall(Answer small) {
      if (small.confidence() >= cascade.threshold()) {
        answer.complete(small.with(small.timings(), how(cascade.small(), small)));
        return;
      }
      ask(
          request.with(request.variant(), left(small.timings().total())),
          large ->
              answer.complete(
                  large.with(
                      small.timings().then(large.timings()), how(request.variant(), small))));
    }

    private Answer.Cascaded how(String answered, Answer small) {
      return new Answer.Cascaded(
          answered, cascade.small(), small.confidence(), cascade.threshold());
    }

    /** What is left of the objective, so that the image keeps its place in the order. */
    private @Nullable Duration left(Duration gone) {
      Duration objective = request.objective();
      if (objective == null) {
        return null;
      }
      Duration left = objective.minus(gone);
      return left.compareTo(AT_ONCE) < 0 ? AT_ONCE : left;
    }

    private void ask(ImageRequest stage, Next next) {
      CompletableFuture<Answer> asked = models.submit(stage);
      // Whoever cancels the answer cancels the stage that is at work on it.
      var cancelling =
          answer.whenComplete(
              (result, error) -> {
                if (answer.isCancelled()) {
                  asked.cancel(false);
                }
              });
      var unused =
          asked.whenComplete(
              (result, error) -> {
                cancelling.cancel(false);
                if (asked.isCancelled()) {
                  answer.cancel(false);
                } else if (error != null) {
                  answer.completeExceptionally(error);
                } else if (!answer.isDone()) {
                  proceed(next, result);
                }
              });
    }

    private void proceed(Next next, Answer result) {
      try {
        next.after(result);
      } catch (RuntimeException e) { // else nobody would ever hear of the image
        answer.completeExceptionally(e);
      }
    }
  }

  private interface Next {
    void after(Answer answer);
  }
}
