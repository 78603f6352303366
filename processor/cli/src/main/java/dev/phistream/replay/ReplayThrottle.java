package dev.phistream.replay;

import dev.phistream.batching.NanoClock;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.pipeline.ImageRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a replay to its rateLimits: so many images a second, such a share of the devices' time. It
 * holds the stream threads rather than letting them wait with a record in their hands: so that a
 * pause may be as long as it likes, without a transaction or a group that times out. Thread-safe;
 * {@link #tick} must be called again and again.
 */
final class ReplayThrottle implements RateLimits {
  /** What is held and let go. */
  interface Pausable {
    /** Nothing more is taken from now on. */
    void pause();

    /** Goes on. */
    void resume();
  }

  /** Of the rate: seconds' worth that is there before events are taken again. */
  private static final double RATE_GROUP_SECONDS = 0.2;

  private static final double SECONDS_GROUP = 0.02;
  private static final double SMOOTHING = 0.2;
  private static final double NANOS_PER_SECOND = 1e9;

  private final NanoClock clock;
  private final int maxBatch;
  private final @Nullable Budget events;
  private final @Nullable Budget deviceSeconds;
  private double secondsPerEvent;
  private @Nullable Pausable held;
  private boolean pausedByUser;
  private boolean paused;
  private boolean closed;

  /**
   * Creates a throttle.
   *
   * @param settings rate and share
   * @param workers devices that compute side by side
   * @param maxBatch the largest micro-batch
   */
  ReplayThrottle(RateLimitSettings settings, int workers, int maxBatch, NanoClock clock) {
    this.clock = clock;
    this.maxBatch = maxBatch;
    Double rate = settings.imagesPerSecond();
    this.events =
        rate == null
            ? null
            : new Budget(
                rate, Math.max(1, Math.min(maxBatch, rate * RATE_GROUP_SECONDS)), clock.nanos());
    Double share = settings.deviceShare();
    this.deviceSeconds =
        share == null ? null : new Budget(share * workers, SECONDS_GROUP, clock.nanos());
  }

  /** Names what is held. */
  synchronized void attach(Pausable stream) {
    held = stream;
    apply();
  }

  /** Measures what the events of this process take. */
  ImageClassifier measuring(ImageClassifier classifier) {
    if (deviceSeconds == null) {
      return classifier;
    }
    return request -> {
      double guess = guess();
      return watched(classifier, request, guess);
    };
  }

  @Override
  public synchronized void take() {
    if (events != null) {
      events.spend(1);
      if (!events.refill(clock.nanos())) {
        apply();
      }
    }
  }

  /** Looks at the clock. */
  synchronized void tick() {
    apply();
  }

  /** Somebody wants a pause, or has had enough of it. */
  synchronized void pauseByUser(boolean pause) {
    pausedByUser = pause;
    apply();
  }

  synchronized boolean isPausedByUser() {
    return pausedByUser;
  }

  /** Lets everything go for good. */
  synchronized void close() {
    closed = true;
    apply();
  }

  private CompletableFuture<Answer> watched(
      ImageClassifier classifier, ImageRequest request, double guess) {
    CompletableFuture<Answer> answer = classifier.submit(request);
    var unused =
        answer.whenComplete(
            (result, error) ->
                settle(
                    guess,
                    result == null
                        ? 0
                        : result.timings().inference().toNanos()
                            / NANOS_PER_SECOND
                            / result.batchSize()));
    return answer;
  }

  /** Spends what the event will probably take; nobody knows before the first answer. */
  private synchronized double guess() {
    double guess = secondsPerEvent == 0 ? SECONDS_GROUP / maxBatch : secondsPerEvent;
    if (deviceSeconds != null) {
      deviceSeconds.spend(guess);
      if (!deviceSeconds.refill(clock.nanos())) {
        apply();
      }
    }
    return guess;
  }

  private synchronized void settle(double guess, double seconds) {
    if (deviceSeconds != null) {
      deviceSeconds.giveBack(guess);
      deviceSeconds.spend(seconds);
      if (seconds > 0) {
        secondsPerEvent =
            secondsPerEvent == 0
                ? seconds
                : secondsPerEvent + SMOOTHING * (seconds - secondsPerEvent);
        deviceSeconds.group(secondsPerEvent * maxBatch);
      }
    }
  }

  private void apply() {
    long now = clock.nanos();
    boolean mayEvents = events == null || events.refill(now);
    boolean mayDevice = deviceSeconds == null || deviceSeconds.refill(now);
    boolean pause = !closed && (pausedByUser || !mayEvents || !mayDevice);
    if (held != null && pause != paused) {
      paused = pause;
      if (pause) {
        held.pause();
      } else {
        held.resume();
      }
    }
  }
}
