package dev.phistream.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A stream that always has more, on one device, in virtual time. */
class ReplayThrottleTest {
  private static final int MAX_BATCH = 8;
  private static final int WINDOW = 64;
  private static final long TICK = Duration.ofMillis(5).toNanos();
  private static final long PER_EVENT = Duration.ofMillis(10).toNanos();

  private long now;
  private boolean paused;

  @Test
  void the_rate_is_kept_over_time() {
    Result result = run(new RateLimitSettings(50.0, null), Duration.ofSeconds(20));

    assertThat(result.events()).isBetween(980, 1020);
  }

  @Test
  void so_is_a_rate_of_less_than_one_a_second() {
    assertThat(run(new RateLimitSettings(0.1, null), Duration.ofSeconds(100)).events())
        .isBetween(9, 12);
  }

  @Test
  void the_devices_share_is_kept_over_time_in_micro_batches() {
    Result result = run(new RateLimitSettings(null, 0.25), Duration.ofSeconds(60));

    assertThat(result.busySeconds() / 60).isBetween(0.22, 0.28);
    assertThat(result.meanBatch()).isGreaterThan(5);
  }

  @Test
  void without_manners_the_device_is_never_idle() {
    assertThat(run(RateLimitSettings.NONE, Duration.ofSeconds(10)).busySeconds()).isGreaterThan(9);
  }

  @Test
  void a_pause_by_the_user_outlasts_every_allowance() {
    ReplayThrottle throttle = throttle(new RateLimitSettings(50.0, null));
    throttle.pauseByUser(true);
    for (int i = 0; i < 1000; i++) {
      now += TICK;
      throttle.tick();
      assertThat(paused).isTrue();
    }
    throttle.pauseByUser(false);
    assertThat(paused).isFalse();
    throttle.pauseByUser(true);
    throttle.close();
    assertThat(paused).isFalse();
  }

  private record Result(int events, double busySeconds, double meanBatch) {}

  private record Job(CompletableFuture<Answer> answer) {}

  /** Between two ticks, the stream takes what it may, and the device goes on. */
  private Result run(RateLimitSettings settings, Duration time) {
    ReplayThrottle throttle = throttle(settings);
    Deque<Job> waiting = new ArrayDeque<>();
    ImageClassifier classifier =
        throttle.measuring(
            request -> {
              Job job = new Job(new CompletableFuture<>());
              waiting.add(job);
              return job.answer();
            });
    List<Job> batch = new ArrayList<>();
    long busyUntil = 0;
    long busy = 0;
    int events = 0;
    int batches = 0;
    for (long end = now + time.toNanos(); now < end; now += TICK) {
      throttle.tick();
      while (!paused && waiting.size() + batch.size() < WINDOW) {
        throttle.take();
        var unused = classifier.submit(request());
        events++;
      }
      if (now >= busyUntil) {
        for (Job job : batch) {
          job.answer().complete(answer(batch.size()));
        }
        batch.clear();
        while (!waiting.isEmpty() && batch.size() < MAX_BATCH) {
          batch.add(waiting.remove());
        }
        if (!batch.isEmpty()) {
          batches++;
          busy += batch.size() * PER_EVENT;
          busyUntil = now + batch.size() * PER_EVENT;
        }
      }
    }
    return new Result(events, busy / 1e9, events / (double) Math.max(1, batches));
  }

  private ReplayThrottle throttle(RateLimitSettings settings) {
    ReplayThrottle throttle = new ReplayThrottle(settings, 1, MAX_BATCH, () -> now);
    throttle.attach(
        new ReplayThrottle.Pausable() {
          @Override
          public void pause() {
            paused = true;
          }

          @Override
          public void resume() {
            paused = false;
          }
        });
    return throttle;
  }

  private static ImageRequest request() {
    return new ImageRequest(new ImageSource.Inline(new byte[0]), "b0", Duration.ZERO, 1);
  }

  private static Answer answer(int batchSize) {
    return new Answer(
        List.of(),
        "model",
        "00",
        "engine",
        "cpu",
        batchSize,
        new Answer.Timings(
            Duration.ZERO, Duration.ZERO, Duration.ofNanos(batchSize * PER_EVENT), Duration.ZERO));
  }
}
