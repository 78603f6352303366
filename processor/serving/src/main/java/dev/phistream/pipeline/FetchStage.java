package dev.phistream.pipeline;

import dev.phistream.batching.NanoClock;
import dev.phistream.batching.Urgency;
import java.util.concurrent.CompletableFuture;

/**
 * Brings the bytes of images that lie elsewhere, many at a time and apart from decoding: what waits
 * for a slow host holds no decoder up. Images inside their events pass at once. Thread-safe.
 */
final class FetchStage {
  /**
   * An encoded image.
   *
   * @param nanos how long a thread took to bring it
   */
  record Fetched(byte[] bytes, long nanos) {}

  private final ImageLoader loader;
  private final Stage stage;
  private final NanoClock clock;

  FetchStage(ImageLoader loader, Stage stage, NanoClock clock) {
    this.loader = loader;
    this.stage = stage;
    this.clock = clock;
  }

  /**
   * Ends with the bytes, or with a {@link ClassificationException} or what else the loader says.
   */
  CompletableFuture<Fetched> fetch(ImageSource source, Urgency urgency) {
    if (source instanceof ImageSource.Inline inline) {
      return CompletableFuture.completedFuture(new Fetched(inline.bytes(), 0));
    }
    ImageSource.Reference reference = (ImageSource.Reference) source;
    return stage.submit(
        urgency,
        () -> {
          long started = clock.nanos();
          byte[] bytes = loader.load(reference);
          return new Fetched(bytes, clock.nanos() - started);
        });
  }
}
