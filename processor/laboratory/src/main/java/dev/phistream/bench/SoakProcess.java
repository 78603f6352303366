package dev.phistream.bench;

import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The process whose memory is watched: takes one {@link SoakJob} and answers with a {@link
 * SoakReply} for each sample.
 */
public final class SoakProcess implements Protocol.Work<SoakJob, SoakReply> {
  private final Random random = new Random(1);

  private SoakProcess() {}

  /** Takes no arguments; the job comes in a line. */
  public static void main(String[] args) throws IOException {
    Protocol.serve(SoakJob.class, new SoakProcess());
  }

  @Override
  public void run(SoakJob job, Consumer<SoakReply> replies)
      throws ModelException, BenchException, InferenceException {
    BenchModels.Found found =
        new BenchModels(new ModelLocator(Optional.ofNullable(job.repository()).map(Path::of)))
            .find(job.model());
    int resolution = found.model().card().network().resolution();
    byte[] image = new byte[3 * resolution * resolution];
    random.nextBytes(image);
    long images = 0;
    try (LoadedEngine engine = new LoadedEngine(job.engine(), 1, SoakOptions.LARGEST_BATCH)) {
      engine.load(found.model(), "cpu");
      for (int done = 1; done <= job.batches(); done++) {
        if (isTurn(done, job.reloads(), job)) {
          engine.load(found.model(), "cpu");
        }
        NetworkRunner runner = engine.runners().get(0);
        images += runner.logits(batch(image)).size();
        if (isTurn(done, job.samples(), job)) {
          System.gc(); // buffers of runners that are gone are garbage until then, not a leak
          replies.accept(new SoakReply(engine.version(), images, MemorySample.take(done)));
        }
      }
    }
  }

  /** Whether one of {@code times} falls on this batch, when they are spread evenly. */
  private static boolean isTurn(long done, int times, SoakJob job) {
    return done * times / job.batches() > (done - 1) * times / job.batches();
  }

  private List<byte[]> batch(byte[] image) {
    int size = 1 + random.nextInt(SoakOptions.LARGEST_BATCH);
    List<byte[]> batch = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      batch.add(image);
    }
    return batch;
  }

  @Override
  public void close() {
    // Each job closes its own engine.
  }
}
