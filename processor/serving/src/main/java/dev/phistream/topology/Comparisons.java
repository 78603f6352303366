package dev.phistream.topology;

import dev.phistream.event.Comparison;
import dev.phistream.event.Label;
import dev.phistream.event.ModelOutput;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.pipeline.Answer;
import dev.phistream.trial.Trial;
import dev.phistream.trial.TrialOutcome;
import dev.phistream.trial.Trials;
import dev.phistream.wire.ComparisonWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The comparisons of one task: those whose event is in flight, and those whose other model is late.
 * They wait here and nowhere else, so that an event never waits for them and the ledger never holds
 * them. Confined to the task's thread.
 */
final class Comparisons {
  private static final Logger log = LoggerFactory.getLogger(Comparisons.class);

  private final Trials trials;
  private final ComparisonWriter writer;
  private final String topic;
  private final String contentType;
  private final OutputLimits limits;
  private final Set<Open> open = new HashSet<>();
  private final List<Open> answered = new ArrayList<>();

  Comparisons(
      Trials trials,
      ComparisonWriter writer,
      String topic,
      String contentType,
      OutputLimits limits) {
    this.contentType = contentType;
    this.limits = limits;
    this.trials = trials;
    this.writer = writer;
    this.topic = topic;
  }

  /** A comparison that waits for one answer or both. */
  static final class Open {
    private final Trial trial;
    private final PendingEvent event;
    private final Results.RequestContext context;
    private final CompletableFuture<Answer> other;
    private final BooleanSupplier pointless;
    private @Nullable Answer answer;

    private Open(
        Trial trial,
        PendingEvent event,
        Results.RequestContext context,
        CompletableFuture<Answer> other,
        BooleanSupplier pointless) {
      this.trial = trial;
      this.event = event;
      this.context = context;
      this.other = other;
      this.pointless = pointless;
    }
  }

  /**
   * Asks for comparison, unless too many comparisons wait already.
   *
   * @param event without its value
   * @param other asks the other model
   * @param pointless whether both answers turned out to be of one model
   * @return the comparison, or null when it is skipped
   */
  @Nullable Open begin(
      Trial trial,
      PendingEvent event,
      Results.RequestContext context,
      Supplier<CompletableFuture<Answer>> other,
      BooleanSupplier pointless) {
    if (!trials.begin()) {
      trials.listener().ended(trial, TrialOutcome.SKIPPED);
      return null;
    }
    Open comparison = new Open(trial, event, context, other.get(), pointless);
    open.add(comparison);
    return comparison;
  }

  /** The event's result has been forwarded. */
  void answered(Open comparison, Answer answer) {
    comparison.answer = answer;
    answered.add(comparison);
  }

  /** The event became a dead letter. */
  void unanswered(Open comparison) {
    end(comparison, TrialOutcome.UNANSWERED);
  }

  /** Forwards the comparisons that are complete. */
  void forwardComplete(Instant now, Consumer<Record<byte[], byte[]>> forward) {
    answered.removeIf(
        comparison -> {
          Answer answer = comparison.answer;
          if (answer == null || !comparison.other.isDone()) {
            return false;
          }
          complete(comparison, answer, now, forward);
          return true;
        });
  }

  /** Drops all. Those whose event is still in flight begin anew with it. */
  void close() {
    answered.forEach(
        comparison -> trials.listener().ended(comparison.trial, TrialOutcome.ABANDONED));
    open.forEach(
        comparison -> {
          comparison.other.cancel(false);
          trials.end();
        });
    answered.clear();
    open.clear();
  }

  private void complete(
      Open comparison, Answer answer, Instant now, Consumer<Record<byte[], byte[]>> forward) {
    if (comparison.pointless.getAsBoolean()) {
      end(comparison, TrialOutcome.FAILED);
      return;
    }
    Answer other;
    try {
      other = comparison.other.join();
    } catch (RuntimeException e) {
      log.warn(
          "trial {}: no comparison for the event at {}: {}",
          comparison.trial.name(),
          ResultHeaders.origin(comparison.event),
          e.getMessage());
      end(comparison, TrialOutcome.FAILED);
      return;
    }
    Comparison value = value(comparison, answer, other, now);
    TopicLimits taken = limits.of(topic);
    Record<byte[], byte[]> record =
        new Record<>(
            comparison.event.key(),
            writer.write(topic, value),
            taken.acceptable(comparison.event.timestamp(), now.toEpochMilli()),
            ResultHeaders.of(
                comparison.event, comparison.context.eventId(), topic, contentType, now));
    if (RecordSize.of(record) > taken.maxBytes()) {
      log.warn(
          "trial {}: no comparison for the event at {}: {} bytes are more than topic {} takes",
          comparison.trial.name(),
          ResultHeaders.origin(comparison.event),
          RecordSize.of(record),
          topic);
      end(comparison, TrialOutcome.FAILED);
      return;
    }
    forward.accept(record);
    trials.listener().compared(comparison.trial, score(answer), score(other));
    end(comparison, value.getAgreed() ? TrialOutcome.AGREED : TrialOutcome.DISAGREED);
  }

  private void end(Open comparison, TrialOutcome outcome) {
    if (open.remove(comparison)) {
      comparison.other.cancel(false);
      trials.end();
      trials.listener().ended(comparison.trial, outcome);
    }
  }

  private static Comparison value(Open comparison, Answer answer, Answer other, Instant now) {
    PendingEvent event = comparison.event;
    return Comparison.newBuilder()
        .setEventId(comparison.context.eventId())
        .setSource(comparison.context.source())
        .setTrial(comparison.trial.name())
        .setVariant(comparison.context.route().variant())
        .setAnswered(output(answer))
        .setOther(output(other))
        .setAgreed(best(answer).name().equals(best(other).name()))
        .setScoreDifference(score(other) - score(answer))
        .setOrigin(new Origin(event.topic(), event.partition(), event.offset()))
        .setComparedAt(now)
        .build();
  }

  private static ModelOutput output(Answer answer) {
    return new ModelOutput(
        new ModelReference(answer.model(), answer.weightsDigest()),
        answer.labels().stream()
            .map(label -> new Label(label.index(), label.name(), label.score()))
            .toList(),
        answer.timings().total().toNanos() / 1e6);
  }

  private static Answer.Label best(Answer answer) {
    return answer.labels().get(0);
  }

  private static float score(Answer answer) {
    return best(answer).score();
  }
}
