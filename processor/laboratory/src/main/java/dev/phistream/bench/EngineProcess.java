package dev.phistream.bench;

import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The measuring process: an engine with its settings that takes jobs until its input ends. */
public final class EngineProcess implements Protocol.Work<EngineJob, EngineReply> {
  /** Argument that keeps the process on one core. */
  static final String ONE_CORE = "one-core";

  private final String engineName;
  private final Mode mode;
  private final int workers;
  private final int maxBatch;
  private @Nullable LoadedEngine engine;
  private @Nullable EngineJob loadedFor;
  private @Nullable ModelFacts model;

  private EngineProcess(String engine, Mode mode, int workers, int maxBatch) {
    this.engineName = engine;
    this.mode = mode;
    this.workers = workers;
    this.maxBatch = maxBatch;
  }

  /** Arguments: engine, mode, workers, largest batch, and perhaps {@code one-core}. */
  public static void main(String[] args) throws IOException, BenchException {
    if (List.of(args).contains(ONE_CORE)) {
      OneCore.pin();
    }
    Protocol.serve(
        EngineJob.class,
        new EngineProcess(
            args[0], Mode.valueOf(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3])));
  }

  @Override
  public void run(EngineJob job, Consumer<EngineReply> replies)
      throws ModelException, BenchException, InterruptedException {
    replies.accept(measure(job));
  }

  private EngineReply measure(EngineJob job)
      throws ModelException, BenchException, InterruptedException {
    LoadedEngine loaded = engine == null ? new LoadedEngine(engineName, workers, maxBatch) : engine;
    engine = loaded;
    ModelFacts facts;
    try {
      facts = load(loaded, job);
    } catch (RefusedException e) {
      return new EngineReply(null, e.getMessage());
    }
    List<NetworkRunner> runners = loaded.runners();
    Measurement measurement =
        SaturatedLoop.run(
            runners,
            3 * facts.resolution() * facts.resolution(),
            job.batch(),
            job.warmUpSeconds(),
            job.seconds());
    return new EngineReply(
        new EngineReply.Measured(
            new EngineFacts(
                engineName,
                loaded.version(),
                mode,
                workers,
                loaded.threadsPerRunner(),
                Runtime.getRuntime().availableProcessors()),
            facts,
            measurement),
        null);
  }

  /** The engine does not run a model that is whole. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(ModelException why) {
      super(why.getMessage(), why);
    }
  }

  private ModelFacts load(LoadedEngine loaded, EngineJob job)
      throws ModelException, RefusedException {
    EngineJob last = loadedFor;
    ModelFacts facts = model;
    if (facts != null
        && last != null
        && !job.reload()
        && last.model().equals(job.model())
        && last.device().equals(job.device())) {
      return facts;
    }
    BenchModels.Found found =
        new BenchModels(new ModelLocator(Optional.ofNullable(job.repository()).map(Path::of)))
            .find(job.model());
    loadedFor = null;
    try {
      loaded.load(found.model(), job.device());
    } catch (ModelException e) {
      throw new RefusedException(e);
    }
    loadedFor = job;
    facts = found.facts(job.model());
    model = facts;
    return facts;
  }

  @Override
  public void close() {
    if (engine != null) {
      engine.close();
    }
  }
}
