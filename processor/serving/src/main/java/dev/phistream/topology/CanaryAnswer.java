package dev.phistream.topology;

import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ClassificationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A canary's answer or, when the canary's model fails, that of the variant's own model. What is
 * wrong with the image itself is no failure of the model.
 */
final class CanaryAnswer {
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();
  private final CompletableFuture<Answer> canary;
  private final Supplier<CompletableFuture<Answer>> own;
  private volatile boolean fellBack;

  /**
   * Begins.
   *
   * @param canary what the canary says
   * @param own asks the variant's own model, from any thread
   * @param told is told whether the canary answered, if anybody did
   */
  CanaryAnswer(
      CompletableFuture<Answer> canary,
      Supplier<CompletableFuture<Answer>> own,
      Consumer<Boolean> told) {
    this.canary = canary;
    this.own = own;
    cancelWithAnswer(canary);
    var unused = canary.whenComplete((result, error) -> canaryEnded(result, error, told));
  }

  /** The answer; cancelling it cancels whoever is at work on it. */
  CompletableFuture<Answer> future() {
    return answer;
  }

  /** Whether the variant's own model was context. */
  boolean fellBack() {
    return fellBack;
  }

  private void canaryEnded(
      @Nullable Answer result, @Nullable Throwable error, Consumer<Boolean> told) {
    if (result == null && isOfModel(error) && !answer.isDone()) {
      fellBack = true;
      told.accept(false);
      CompletableFuture<Answer> second = own.get();
      cancelWithAnswer(second);
      var unused = second.whenComplete((a, e) -> relay(second, a, e));
      return;
    }
    if (result != null) {
      told.accept(true);
    }
    relay(canary, result, error);
  }

  private void relay(
      CompletableFuture<Answer> from, @Nullable Answer result, @Nullable Throwable error) {
    if (result != null) {
      answer.complete(result);
    } else if (from.isCancelled()) {
      answer.cancel(false);
    } else if (error != null) {
      answer.completeExceptionally(error);
    }
  }

  private void cancelWithAnswer(CompletableFuture<Answer> work) {
    var unused =
        answer.whenComplete(
            (result, error) -> {
              if (answer.isCancelled()) {
                work.cancel(false);
              }
            });
  }

  private static boolean isOfModel(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof ClassificationException e
        && e.code().equals(ClassificationException.INFERENCE_FAILED);
  }
}
