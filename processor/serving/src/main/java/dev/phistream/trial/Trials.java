package dev.phistream.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The trials of a processor: assigns models to events, and bounds how many comparisons wait at
 * once. Thread-safe.
 */
public final class Trials {
  /**
   * Within what time a comparison's answer is wanted: later than any event's, so that each event
   * goes first on decoders and devices.
   */
  public static final Duration OBJECTIVE = Duration.ofMinutes(30);

  private final Map<String, Trial> byVariant = new HashMap<>();
  private final int mostWaiting;
  private final TrialListener listener;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Creates them.
   *
   * @param mostWaiting comparisons of all trials that may wait at once
   * @throws IllegalArgumentException when two trials are of one variant
   */
  public Trials(Collection<Trial> trials, int mostWaiting, TrialListener listener) {
    for (Trial trial : trials) {
      Trial other = byVariant.put(trial.variant(), trial);
      if (other != null) {
        throw new IllegalArgumentException(
            "trials.%s.variant: %s has trial %s already (expected: one trial per variant)"
                .formatted(trial.name(), trial.variant(), other.name()));
      }
    }
    this.mostWaiting = mostWaiting;
    this.listener = listener;
  }

  /** No trials. */
  public static Trials none() {
    return new Trials(
        List.of(),
        0,
        new TrialListener() {
          @Override
          public void ended(Trial trial, TrialOutcome outcome) {}

          @Override
          public void compared(Trial trial, float answered, float other) {}
        });
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return byVariant.isEmpty();
  }

  /** Is told what trials do. */
  public TrialListener listener() {
    return listener;
  }

  /**
   * Decides.
   *
   * @param variant that the event was routed to
   * @param key the event's key, or null; a canary takes keys, and events without one by their ids
   * @param eventId the event's id
   */
  public Assignment assign(String variant, byte @Nullable [] key, String eventId) {
    Trial trial = byVariant.get(variant);
    if (trial == null) {
      return new Assignment(variant, null, null);
    }
    byte[] id = eventId.getBytes(UTF_8);
    return switch (trial.kind()) {
      case SHADOW ->
          Share.includes(trial.name(), id, trial.share())
              ? new Assignment(variant, trial, trial.slot())
              : new Assignment(variant, null, null);
      case CANARY ->
          Share.includes(trial.name(), key == null ? id : key, trial.share())
              ? new Assignment(trial.slot(), trial, comparedWith(trial, id))
              : new Assignment(variant, null, null);
    };
  }

  private static @Nullable String comparedWith(Trial canary, byte[] id) {
    return Share.includes(canary.name() + "/compared", id, canary.compareShare())
        ? canary.variant()
        : null;
  }

  /** Takes a place among the comparisons that wait; false when there is none. */
  public boolean begin() {
    if (waiting.incrementAndGet() <= mostWaiting) {
      return true;
    }
    waiting.decrementAndGet();
    return false;
  }

  /** Gives a place back. */
  public void end() {
    waiting.decrementAndGet();
  }
}
