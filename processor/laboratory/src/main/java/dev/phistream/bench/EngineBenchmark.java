package dev.phistream.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.phistream.model.ModelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  }

  private record Key(String engine, Mode mode) {}

  private final EngineOptions options;
  private final Listener listener;
  private final Map<Key, ChildJvm> processes = new HashMap<>();

  /** Creates a benchmark. */
  public EngineBenchmark(EngineOptions options, Listener listener) {
    this.options = options;
    this.listener = listener;
  }

  /**
   * Runs it. Past the planned bound it is broken off and reports what it has.
   *
   * @throws ModelException when a model is not found
   * @throws BenchException when an engine fails
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
        if (round % 2 == 0) {
          Collections.reverse(turn); // nobody always comes first
        }
        measure(round, turn, deadline, results);
      }
    } catch (ChildJvm.SlowException e) {
      processes.values().forEach(ChildJvm::kill);
    } finally {
      processes.values().forEach(ChildJvm::close);
    }
    return results.report();
  }

  private void measure(int round, List<EnginePoint> points, long deadline, EngineResults results)
      throws BenchException, InterruptedException, ChildJvm.SlowException {
    Map<Key, String> loaded = new HashMap<>();
    for (EnginePoint point : points) {
      Key key = new Key(point.engine(), point.mode());
      String last = loaded.put(key, point.model());
      ChildJvm process = processes.get(key);
      if (process == null) {
        process = start(key);
        processes.put(key, process);
      }
      process.send(Json.line(job(point, !point.model().equals(last))));
      EngineReply reply = parse(process.receive(Duration.ofNanos(deadline - System.nanoTime())));
      if (reply.measurement() == null || reply.engine() == null || reply.model() == null) {
        throw new BenchException(point + ": " + reply.error());
      }
      results.add(point, reply.measurement(), reply.engine(), reply.model());
      listener.measured(round, point, reply.measurement());
    }
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

  private ChildJvm start(Key key) throws BenchException {
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
    return ChildJvm.start(EngineProcess.class, jvm, arguments);
  }

  private static EngineReply parse(String line) throws BenchException {
    try {
      return Json.read(line, EngineReply.class);
    } catch (JsonProcessingException e) {
      throw new BenchException("the measuring process answers nonsense: " + line, e);
    }
  }
}
