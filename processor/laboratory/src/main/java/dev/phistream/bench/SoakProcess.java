package dev.phistream.bench;

import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The process whose memory is watched: takes one {@link SoakJob} and answers with a {@link
 * SoakReply} for each sample.
 */
public final class SoakProcess {
  private final PrintStream replies;
  private final SoakJob job;
  private final Random random = new Random(1);

  private SoakProcess(PrintStream replies, SoakJob job) {
    this.replies = replies;
    this.job = job;
  }

  /** Takes no arguments; the job comes in a line. */
  public static void main(String[] args) throws IOException {
    PrintStream replies = System.out;
    System.setOut(System.err);
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = input.readLine();
    if (line != null) {
      new SoakProcess(replies, Json.read(line, SoakJob.class)).answer();
    }
  }

  private void answer() {
    try {
      soak();
    } catch (ModelException | BenchException | InferenceException | IllegalArgumentException e) {
      say(new SoakReply(String.valueOf(e.getMessage()), null, 0, null));
    }
  }

  private void soak() throws ModelException, BenchException, InferenceException {
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
        if (isTurn(done, job.reloads())) {
          engine.load(found.model(), "cpu");
        }
        NetworkRunner runner = engine.runners().get(0);
        images += runner.logits(batch(image)).size();
        if (isTurn(done, job.samples())) {
          System.gc(); // buffers of runners that are gone are garbage until then, not a leak
          say(new SoakReply(null, engine.version(), images, MemorySample.take(done)));
        }
      }
    }
  }

  /** Whether one of {@code times} falls on this batch, when they are spread evenly. */
  private boolean isTurn(long done, int times) {
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

  private void say(SoakReply reply) {
    replies.println(Json.line(reply));
    replies.flush();
  }
}
