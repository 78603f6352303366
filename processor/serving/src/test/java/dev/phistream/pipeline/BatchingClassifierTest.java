package dev.phistream.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.batching.BatchPredictor;
import dev.phistream.batching.Device;
import dev.phistream.batching.DeviceLostException;
import dev.phistream.batching.MicroBatcher;
import dev.phistream.batching.NanoClock;
import dev.phistream.batching.QueueKey;
import dev.phistream.batching.Urgency;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import dev.phistream.latency.LatencyModel;
import dev.phistream.testkit.EncodedImages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The device here is the test's own. */
@Timeout(30)
class BatchingClassifierTest {
  private static final int SIZE = 8;
  private static final Duration FOREVER = Duration.ofHours(1);
  private static final byte[] IMAGE = EncodedImages.png(SIZE, SIZE, 1);
  private static final byte[] NO_IMAGE = {1, 2, 3};

  private final CountDownLatch busy = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);
  private final List<Integer> batchSizes = Collections.synchronizedList(new ArrayList<>());
  private volatile ImageLoader loader =
      reference -> {
        throw new AssertionError("no reference was sent");
      };
  private final PipelineStages stages =
      new PipelineStages(
          reference -> loader.load(reference),
          ImagePreparation.with(new ImageDecoder(DecodeLimits.DEFAULT)),
          new PipelineStages.Limits(
              new StageLimits(2, FOREVER),
              new StageLimits(1, FOREVER),
              new StageLimits(1, FOREVER),
              /* decodeMemoryBytes= */ 1 << 20),
          NanoClock.SYSTEM);
  private final List<String> noNumbers = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> answeredAfter = Collections.synchronizedList(new ArrayList<>());
  private MicroBatcher<byte[], float[]> batcher = batcher(4, BatchingClassifierTest::logits);
  private final LatencyModel latency =
      new LatencyModel(
          batcher.forecast().by(QueueKey::of),
          1,
          (variant, predicted, actual) -> answeredAfter.add(actual));

  @AfterEach
  void close() {
    free.countDown();
    stages.closeIntake();
    batcher.close();
    stages.close();
  }

  @Test
  void an_answer_says_what_the_image_shows_and_how_that_was_found() throws Exception {
    Answer answer = submit(IMAGE, 2).get();

    assertThat(answer.labels()).extracting(Answer.Label::name).containsExactly("cat", "bee");
    assertThat(answer.model()).isEqualTo("model-1");
    assertThat(answer.weightsDigest()).isEqualTo("digest-1");
    assertThat(answer.engine()).isEqualTo("test-engine");
    assertThat(answer.device()).isEqualTo("test-device");
    assertThat(answer.batchSize()).isEqualTo(1);
    Answer.Timings timings = answer.timings();
    assertThat(timings.decode()).isPositive();
    assertThat(timings.inference()).isGreaterThanOrEqualTo(Duration.ZERO);
    assertThat(timings.queue()).isGreaterThanOrEqualTo(Duration.ZERO);
    assertThat(timings.queue().plus(timings.decode()).plus(timings.inference()))
        .isLessThanOrEqualTo(timings.total());
    assertThat(answeredAfter).containsExactly(timings.total());
  }

  @Test
  void images_that_come_together_share_a_micro_batch() throws Exception {
    occupyDecoder();
    List<CompletableFuture<Answer>> answers =
        List.of(submit(IMAGE, 1), submit(IMAGE, 1), submit(IMAGE, 1));
    free.countDown();

    for (CompletableFuture<Answer> answer : answers) {
      assertThat(answer.get().batchSize()).isEqualTo(3);
    }
  }

  @Test
  void a_bad_image_fails_alone_and_nobody_waits_for_it() throws Exception {
    occupyDecoder();
    CompletableFuture<Answer> before = submit(IMAGE, 1);
    CompletableFuture<Answer> bad = submit(NO_IMAGE, 1);
    CompletableFuture<Answer> after = submit(IMAGE, 1);
    free.countDown();

    assertThat(before.get().batchSize()).isEqualTo(2);
    assertThat(after.get().batchSize()).isEqualTo(2);
    assertThat(failure(bad).code()).isEqualTo("image-unsupported");
    assertThat(failure(bad)).hasMessageContaining("expected: jpeg");
  }

  @Test
  void only_images_in_flight_are_expected_to_hold_up_the_next() throws Exception {
    submit(IMAGE, 1).get(); // a batch of one has been timed
    Duration idle = latency.predict("small", null).waiting();
    occupyDecoder();
    CompletableFuture<Answer> answered = submit(IMAGE, 1);
    CompletableFuture<Answer> bad = submit(NO_IMAGE, 1);
    submit(IMAGE, 1).cancel(false);
    Duration busy = latency.predict("small", null).waiting();
    free.countDown();
    answered.get();
    failure(bad);

    assertThat(idle).isZero();
    assertThat(busy).isPositive();
    assertThat(latency.predict("small", null).waiting()).isZero();
  }

  @Test
  void a_failing_device_fails_the_image_and_names_the_variant() {
    use(
        batcher(
            4,
            images -> {
              throw new IllegalStateException("out of order");
            }));

    ClassificationException error = failure(submit(IMAGE, 1));

    assertThat(error.code()).isEqualTo("inference-failed");
    assertThat(error).hasMessage("variant small: out of order");
  }

  @Test
  void an_answer_that_is_no_number_fails_its_image_alone_and_is_told() throws Exception {
    use(
        batcher(
            4,
            images -> {
              List<float[]> answers = new ArrayList<>(logits(images));
              answers.set(0, new float[] {1, Float.NaN, 3});
              return answers;
            }));
    occupyDecoder();
    CompletableFuture<Answer> first = submit(IMAGE, 1);
    CompletableFuture<Answer> second = submit(IMAGE, 1);
    free.countDown();

    assertThat(second.get().labels()).hasSize(1);
    assertThat(failure(first).code()).isEqualTo("inference-failed");
    assertThat(failure(first))
        .hasMessage("variant small: logit 1 is NaN (expected: a finite number)");
    assertThat(noNumbers).containsExactly("small small");
  }

  @Test
  void a_lost_device_is_not_the_images_fault() {
    use(
        batcher(
            4,
            images -> {
              throw new DeviceLostException("test-device is lost");
            }));

    assertThatThrownBy(submit(IMAGE, 1)::get)
        .hasCauseInstanceOf(EngineLostException.class)
        .hasMessageContaining("no device is left");
  }

  @Test
  void logits_that_do_not_fit_the_labels_fail_the_image() {
    use(batcher(4, images -> List.of(new float[] {1, 2})));

    ClassificationException error = failure(submit(IMAGE, 1));

    assertThat(error.code()).isEqualTo("inference-failed");
    assertThat(error).hasMessageContaining("logits: 2 (expected: 3, one per class)");
  }

  @Test
  void cancelling_drops_a_image_that_waits_for_a_decoder() throws Exception {
    occupyDecoder();
    CompletableFuture<Answer> dropped = submit(IMAGE, 1);
    CompletableFuture<Answer> kept = submit(IMAGE, 1);

    dropped.cancel(false);
    free.countDown();

    assertThat(kept.get().batchSize()).isEqualTo(1);
    assertThat(batchSizes).containsExactly(1);
  }

  @Test
  void cancelling_drops_a_image_that_waits_for_a_device() throws Exception {
    use(batcher(1, this::slowLogits));
    CompletableFuture<Answer> first = submit(IMAGE, 1);
    busy.await();
    CompletableFuture<Answer> dropped = submit(IMAGE, 1);
    await().until(() -> batcher.queued() == 1);

    dropped.cancel(false);
    CompletableFuture<Answer> last = submit(IMAGE, 1);
    free.countDown();

    assertThat(first.get().labels()).hasSize(1);
    assertThat(last.get().labels()).hasSize(1);
    assertThat(batchSizes).as("the first and the last").hasSize(2);
  }

  @Test
  void closing_cancels_what_waits_for_a_decoder_and_what_comes() throws Exception {
    occupyDecoder();
    CompletableFuture<Answer> waiting = submit(IMAGE, 1);

    stages.closeIntake();

    assertThat(waiting).isCancelled();
    assertThat(submit(IMAGE, 1)).isCancelled();
  }

  @Test
  void closing_cancels_what_waits_for_its_micro_batch() {
    var unused =
        batcher.reserve(QueueKey.of("small"), Urgency.of(NanoClock.SYSTEM.nanos(), FOREVER, null));
    CompletableFuture<Answer> waiting = submit(IMAGE, 1);
    await().until(() -> batcher.queued() == 1);

    stages.closeIntake();
    batcher.close();

    assertThat(waiting).isCancelled();
  }

  @Test
  void an_unknown_variant_is_refused_at_once() {
    assertThatThrownBy(() -> classifier().submit(request(IMAGE, "huge", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("variant: huge (expected: one of [small])");
  }

  @Test
  void a_reference_is_followed_by_the_loader() throws Exception {
    ImageSource.Reference reference = new ImageSource.Reference("file:///a", "00", 3);
    loader =
        wanted -> {
          assertThat(wanted).isEqualTo(reference);
          return IMAGE;
        };

    ImageRequest request = new ImageRequest(reference, "small", FOREVER, 1);
    Answer answer = classifier().submit(request).get();

    assertThat(answer.labels()).hasSize(1);
  }

  @Test
  void what_is_fetched_holds_no_decoder_up_and_is_timed_apart() throws Exception {
    CountDownLatch arrives = new CountDownLatch(1);
    loader =
        wanted -> {
          waitFor(arrives);
          return IMAGE;
        };
    CompletableFuture<Answer> slow =
        classifier()
            .submit(
                new ImageRequest(
                    new ImageSource.Reference("http://slow/a", "00", 3),
                    "small",
                    Duration.ofMillis(1),
                    1));

    Answer inline = submit(IMAGE, 1).get();
    Thread.sleep(50);
    arrives.countDown();

    assertThat(inline.timings().fetch()).isZero();
    Answer.Timings timings = slow.get().timings();
    assertThat(timings.fetch()).isGreaterThan(Duration.ofMillis(50));
    assertThat(timings.decode()).isLessThan(timings.fetch());
    assertThat(timings.total())
        .isGreaterThanOrEqualTo(
            timings.queue().plus(timings.fetch()).plus(timings.decode()).plus(timings.inference()));
    assertThat(answeredAfter.get(1))
        .as("predictions hear of no download")
        .isLessThan(timings.fetch());
  }

  @Test
  void labels_are_made_off_the_devices_thread() throws Exception {
    List<String> threads = Collections.synchronizedList(new ArrayList<>());

    CompletableFuture<Answer> answer = submit(IMAGE, 1);
    var unused = answer.thenRun(() -> threads.add(Thread.currentThread().getName()));
    answer.get();

    await().until(() -> !threads.isEmpty());
    assertThat(threads).noneMatch(name -> name.startsWith("device-"));
  }

  @Test
  void a_reference_that_cannot_be_followed_fails_with_the_loaders_code() {
    loader =
        wanted -> {
          throw new ClassificationException("reference-forbidden", "no");
        };
    ImageRequest request =
        new ImageRequest(new ImageSource.Reference("file:///a", "00", 3), "small", FOREVER, 1);

    assertThat(failure(classifier().submit(request)).code()).isEqualTo("reference-forbidden");
  }

  private CompletableFuture<Answer> submit(byte[] image, int topK) {
    return classifier().submit(request(image, "small", topK));
  }

  private static ImageRequest request(byte[] image, String variant, int topK) {
    return new ImageRequest(new ImageSource.Inline(image), variant, FOREVER, topK);
  }

  private BatchingClassifier classifier() {
    ServedModel model =
        new ServedModel(
            "small",
            "model-1",
            "digest-1",
            new Preprocessor(Preprocessing.imagenet(SIZE, 1)),
            new Labels(List.of("ant", "bee", "cat")));
    return new BatchingClassifier(
        new ActiveModels(List.of(new LoadedModel(model, QueueKey.of("small")))),
        "test-engine",
        stages,
        batcher,
        latency,
        NanoClock.SYSTEM,
        (slot, broken) -> noNumbers.add(slot + " " + broken.queue()));
  }

  private static ClassificationException failure(CompletableFuture<Answer> answer) {
    try {
      throw new AssertionError("answered: " + answer.get());
    } catch (ExecutionException e) {
      return (ClassificationException) requireNonNull(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Keeps the only decoder until {@link #free}. */
  private void occupyDecoder() throws InterruptedException {
    var unused =
        stages
            .decoding()
            .submit(
                new Urgency(0, 0),
                () -> {
                  waitUntilFree();
                  return null;
                });
    busy.await();
  }

  private void waitUntilFree() {
    busy.countDown();
    waitFor(free);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void use(MicroBatcher<byte[], float[]> other) {
    batcher.close();
    batcher = other;
  }

  private List<float[]> slowLogits(List<byte[]> images) {
    waitUntilFree();
    return logits(images);
  }

  private static List<float[]> logits(List<byte[]> images) {
    return images.stream()
        .map(
            image -> {
              assertThat(image).hasSize(3 * SIZE * SIZE);
              return new float[] {1, 2, 3};
            })
        .toList();
  }

  private MicroBatcher<byte[], float[]> batcher(
      int maxBatch, BatchPredictor<byte[], float[]> predictor) {
    Device<byte[], float[]> device =
        new Device<>() {
          @Override
          public String name() {
            return "test-device";
          }

          @Override
          public BatchPredictor<byte[], float[]> predictor(QueueKey key) {
            return images -> {
              batchSizes.add(images.size());
              return predictor.predict(images);
            };
          }
        };
    return new MicroBatcher<>(
        variant -> new BatchPolicy(maxBatch), List.of(device), NanoClock.SYSTEM);
  }
}
