package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.batching.NanoClock;
import dev.phistream.batching.Urgency;
import dev.phistream.image.DecodeMemory;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import dev.phistream.testkit.EncodedImages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Decoders that share memory; what decoding does is the test's own. */
@Timeout(30)
class DecodeStageTest {
  private static final Duration DEADLINE = Duration.ofSeconds(8);
  private static final byte[] IMAGE = EncodedImages.png(300, 300, 1);
  private static final int THREADS = 4;

  private final StageWatch watch = new StageWatch(Duration.ofMillis(50), NanoClock.SYSTEM);
  private final Stage threads =
      new Stage(
          "decode",
          new StageLimits(THREADS, DEADLINE),
          StageThreads.computing("decode"),
          watch,
          NanoClock.SYSTEM);
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private final AtomicInteger decodes = new AtomicInteger();
  private final CountDownLatch free = new CountDownLatch(1);

  @AfterEach
  void close() {
    free.countDown();
    threads.close();
    watch.close();
  }

  @Test
  void as_many_images_are_decoded_at_once_as_have_room_in_memory() throws Exception {
    long roundedUp = 1 << 17;
    DecodeStage stage = stage(2 * DecodeMemory.bytes(IMAGE) + roundedUp, this::counted);

    decodeAll(stage, 12);

    assertThat(mostAtOnce).hasValue(2);
  }

  @Test
  void an_image_that_runs_out_of_memory_is_decoded_again_with_nobody_beside_it() throws Exception {
    AtomicReference<Thread> failed = new AtomicReference<>();
    AtomicInteger besides = new AtomicInteger(-1);
    DecodeStage stage =
        stage(
            Long.MAX_VALUE / 2,
            () -> {
              if (Thread.currentThread() == failed.get() && besides.get() < 0) {
                besides.set(atOnce.get());
              }
              counted();
              if (failed.compareAndSet(null, Thread.currentThread())) {
                throw new OutOfMemoryError("simulated");
              }
            });

    decodeAll(stage, 8);

    assertThat(decodes).as("eight images and one of them again").hasValue(9);
    assertThat(besides).as("images that were decoded beside it").hasValue(0);
  }

  @Test
  void an_image_that_runs_out_of_memory_alone_fails_with_a_code_of_its_own() {
    DecodeStage stage =
        stage(
            DecodeMemory.bytes(IMAGE),
            () -> {
              throw new OutOfMemoryError("simulated");
            });

    ClassificationException error = failure(decode(stage));

    assertThat(error.code()).isEqualTo("out-of-memory");
    assertThat(error).hasMessageContaining("JAVA_OPTS");
  }

  @Test
  void an_image_of_more_than_twice_the_budget_is_refused_before_it_takes_memory() {
    DecodeStage stage = stage(DecodeMemory.bytes(IMAGE) / 3, this::counted);

    ClassificationException error = failure(decode(stage));

    assertThat(error.code()).isEqualTo("out-of-memory");
    assertThat(decodes).hasValue(0);
  }

  @Test
  void an_image_that_gets_no_memory_in_time_fails_and_keeps_no_thread() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    DecodeStage stage =
        stage(
            DecodeMemory.bytes(IMAGE),
            () -> {
              begun.countDown();
              waitUntilFree();
            });
    CompletableFuture<DecodeStage.Decoded> first = decode(stage);
    begun.await();

    ClassificationException error = failure(decode(stage));
    free.countDown();

    assertThat(error.code()).isEqualTo("out-of-memory");
    assertThat(error).hasMessageContaining("images.decode-memory");
    assertThat(first.get().input()).isNotNull();
    assertThat(threads.abandoned()).isZero();
  }

  @Test
  void waiting_for_memory_is_no_decode_time() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    DecodeStage stage =
        stage(
            DecodeMemory.bytes(IMAGE),
            () -> {
              if (decodes.getAndIncrement() == 0) {
                begun.countDown();
                waitUntilFree();
              }
            });
    CompletableFuture<DecodeStage.Decoded> first = decode(stage);
    begun.await();
    CompletableFuture<DecodeStage.Decoded> second = decode(stage);
    Thread.sleep(200);
    free.countDown();

    assertThat(first.get().nanos()).isGreaterThan(Duration.ofMillis(190).toNanos());
    assertThat(second.get().nanos()).isLessThan(Duration.ofMillis(190).toNanos());
  }

  private DecodeStage stage(long memoryBytes, Runnable decoding) {
    return new DecodeStage(
        (encoded, preprocessor) -> {
          decoding.run();
          return new byte[3];
        },
        new MemoryBudget(memoryBytes),
        threads,
        NanoClock.SYSTEM);
  }

  private void counted() {
    decodes.incrementAndGet();
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    atOnce.decrementAndGet();
  }

  private void waitUntilFree() {
    try {
      free.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void decodeAll(DecodeStage stage, int count) throws Exception {
    List<CompletableFuture<DecodeStage.Decoded>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(decode(stage));
    }
    for (CompletableFuture<DecodeStage.Decoded> each : all) {
      assertThat(each.get().input()).hasSize(3);
    }
  }

  private static CompletableFuture<DecodeStage.Decoded> decode(DecodeStage stage) {
    return stage.decode(IMAGE, new Preprocessor(Preprocessing.imagenet(8, 1)), new Urgency(0, 0));
  }

  private static ClassificationException failure(CompletableFuture<?> decoded) {
    try {
      throw new AssertionError("decoded: " + decoded.get());
    } catch (ExecutionException e) {
      return (ClassificationException) Objects.requireNonNull(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
