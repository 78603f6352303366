package dev.phistream.bench;

import dev.phistream.model.ModelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures engines on this machine. Each engine runs in a process of its own for each mode, since
 * it reads its threads' number once; only one of them works at a time. In each round every point
 * has its turn, engines of the same point directly after each other, so that a noisy minute hits
 * all alike.
 */
public final class EngineBenchmark {
  /** Is told what is going on. */
  public interface Listener {
    /** Called once, before the first measurement. */
    void planned(EnginePlan plan, int measurements);

    /** A point has been measured in a round, from 1 on. */
    void measured(int round, EnginePoint point, Measurement measurement);

    /** An engine does not run a point's model; it is not asked again. */
    void refused(EnginePoint point, String reason);
  }

  private record Key(String engine, Mode mode) {}

  private final EngineOptions options;
  private final Listener listener;
  private final Map<Key, MeasuredProcess<EngineJob, EngineReply>> processes = new HashMap<>();

  /** Points whose models their engines do not run, and why. */
  private final Map<EnginePoint, String> refused = new LinkedHashMap<>();

  /** Creates a benchmark. */
  public EngineBenchmark(EngineOptions options, Listener listener) {
    this.options = options;
    this.listener = listener;
  }

  /**
   * Runs it. Past the planned bound it is broken off and reports what it has.
   *
   * @throws ModelException when a model is not found
   * @throws BenchException when an engine fails, or none runs any of the models
   */
  public EngineReport run() throws ModelException, BenchException, InterruptedException {
    EnginePlan plan = EnginePlan.of(options);
    EngineResults results = new EngineResults(options);
    List<EnginePoint> points = options.points();
    listener.planned(plan, points.size() * options.rounds());
    long deadline = System.nanoTime() + plan.atMost().toNanos();
    try {
      for (int round = 1; round <= options.rounds(); round++) {
        List<EnginePoint> turn = new ArrayList<>(points);
        turn.removeAll(refused.keySet());
        if (round % 2 == 0) {
          Collections.reverse(turn); // nobody always comes first
        }
        if (!measure(round, turn, deadline, results)) {
          processes.values().forEach(MeasuredProcess::kill);
          break;
        }
      }
    } finally {
      processes.values().forEach(MeasuredProcess::close);
    }
    if (refused.size() == points.size()) {
      throw new BenchException(refused.values().iterator().next());
    }
    return results.report();
  }

  /** Measures each point once; false when the time is up. */
  private boolean measure(int round, List<EnginePoint> points, long deadline, EngineResults results)
      throws BenchException, InterruptedException {
    Map<Key, String> loaded = new HashMap<>();
    for (EnginePoint point : points) {
      Key key = new Key(point.engine(), point.mode());
      String last = loaded.put(key, point.model());
      MeasuredProcess<EngineJob, EngineReply> process = processes.get(key);
      if (process == null) {
        process = start(key);
        processes.put(key, process);
      }
      process.send(job(point, !point.model().equals(last)));
      Optional<EngineReply> reply = process.receive(Duration.ofNanos(deadline - System.nanoTime()));
      if (reply.isEmpty()) {
        return false;
      }
      EngineReply.Measured measured = reply.get().measured();
      if (measured == null) {
        String reason = String.valueOf(reply.get().refusal());
        refused.put(point, reason);
        loaded.remove(key);
        listener.refused(point, reason);
        continue;
      }
      results.add(point, measured.measurement(), measured.engine(), measured.model());
      listener.measured(round, point, measured.measurement());
    }
    return true;
  }

  private EngineJob job(EnginePoint point, boolean reload) {
    return new EngineJob(
        point.model(),
        options.repository().map(Path::toString).orElse(null),
        point.device(),
        point.batch(),
        reload,
        options.warmUpSeconds(),
        options.seconds());
  }

  private MeasuredProcess<EngineJob, EngineReply> start(Key key) throws BenchException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                key.engine(),
                key.mode().name(),
                String.valueOf(options.workers(key.mode())),
                String.valueOf(Collections.max(options.batches()))));
    List<String> jvm = new ArrayList<>();
    if (options.oneCore()) {
      arguments.add(EngineProcess.ONE_CORE);
      jvm.add("-XX:ActiveProcessorCount=1");
    }
    return MeasuredProcess.start(
        "engine %s (%s)".formatted(key.engine(), key.mode()),
        EngineProcess.class,
        EngineReply.class,
        jvm,
        arguments,
        List.of());
  }
}
