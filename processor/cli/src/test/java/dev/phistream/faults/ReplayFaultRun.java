package dev.phistream.faults;

import dev.phistream.runtime.FreshTopics;
import dev.phistream.testkit.FastFailover;
import dev.phistream.testkit.ProcessorProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A replay of a topic that stands there from the beginning, by two instances that are killed,
 * stopped, frozen and joined by others, until all of them have ended by themselves.
 */
final class ReplayFaultRun {
  private static final int PARTITIONS = 6;
  private static final Duration FREEZE = FastFailover.SESSION_TIMEOUT.plusSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST_INSTANCES = 3;

  /** The part of the events within which faults come: near the end they would find no replay. */
  private static final double FAULTED = 0.6;

  private static final List<FaultKind> KINDS =
      List.of(FaultKind.KILL, FaultKind.PAUSE, FaultKind.TERMINATE, FaultKind.ADD);

  /**
   * What came out.
   *
   * @param faults by kind
   * @param exits exit codes of those that ended by themselves
   * @param output the last words of all instances
   */
  record Result(
      long seed,
      int events,
      Map<FaultKind, Integer> faults,
      int instances,
      List<Integer> exits,
      Duration time,
      Verdict verdict,
      String output) {
    int faultCount() {
      return faults.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
      return "Replay under faults, seed %d: %d faults %s, %d instances, %d events, exit codes %s, %d s%n  %s%n%s"
          .formatted(
              seed,
              faultCount(),
              faults,
              instances,
              events,
              exits,
              time.toSeconds(),
              verdict,
              exits.stream().allMatch(code -> code == 0) && verdict.isExactlyOnce() ? "" : output);
    }
  }

  private final FaultyBroker broker;
  private final Path models;
  private final long seed;
  private final FaultTopics topics;
  private final List<ProcessorProcess> running = new ArrayList<>();
  private final List<ProcessorProcess> all = new ArrayList<>();
  private final List<Integer> exits = new ArrayList<>();
  private final Map<ProcessorProcess, Long> frozen = new HashMap<>();
  private final Map<FaultKind, Integer> done = new EnumMap<>(FaultKind.class);

  ReplayFaultRun(FaultyBroker broker, Path models, long seed) {
    this.broker = broker;
    this.models = models;
    this.seed = seed;
    this.topics = new FaultTopics("replay-faults-" + seed);
  }

  Result run(int events, int faults, Duration most) {
    createTopics();
    long begun = System.nanoTime();
    List<String> variants = List.of("large", "middle", "small");
    try (Traffic traffic = new Traffic(broker.bootstrap(), topics, PARTITIONS, variants, seed);
        OutcomeReader reader =
            new OutcomeReader(broker.bootstrap(), topics, () -> traffic.sent().size());
        WrittenOutcomes written = new WrittenOutcomes(broker.bootstrap(), topics, PARTITIONS)) {
      traffic.send(events);
      add();
      add();
      Random random = new Random(seed);
      for (int i = 0; i < faults && !running.isEmpty(); i++) {
        int target = (int) ((i + 0.2 + 0.6 * random.nextDouble()) * FAULTED * events / faults);
        await(() -> written.count() >= target, PATIENCE);
        if (!running.isEmpty()) {
          FaultKind kind = KINDS.get((i + (int) (seed % KINDS.size())) % KINDS.size());
          boolean full = running.size() + frozen.size() >= MOST_INSTANCES;
          apply(kind == FaultKind.ADD && full ? FaultKind.REMOVE : kind, random);
        }
      }
      await(
          () -> running.isEmpty() && frozen.isEmpty(), most.minusNanos(System.nanoTime() - begun));
      reader.finish();
      return new Result(
          seed,
          traffic.sent().size(),
          done,
          all.size(),
          List.copyOf(exits),
          Duration.ofNanos(System.nanoTime() - begun),
          Oracle.judge(traffic.sent(), reader.outcomes()),
          outputs());
    } finally {
      all.forEach(ProcessorProcess::close);
    }
  }

  private void apply(FaultKind kind, Random random) {
    ProcessorProcess victim = running.get(random.nextInt(running.size()));
    switch (kind) {
      case KILL -> {
        running.remove(victim);
        victim.kill();
        add();
      }
      case TERMINATE -> {
        running.remove(victim);
        victim.requestStop();
        add();
      }
      case PAUSE -> {
        running.remove(victim);
        victim.pause();
        frozen.put(victim, System.nanoTime() + FREEZE.toNanos());
      }
      case ADD -> add();
      case REMOVE -> {
        running.remove(victim);
        victim.requestStop();
      }
      default -> throw new IllegalArgumentException("no fault of replays: " + kind);
    }
    done.merge(kind, 1, Integer::sum);
  }

  private void await(BooleanSupplier goal, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    while (!goal.getAsBoolean() && System.nanoTime() - end < 0) {
      for (ProcessorProcess sleeper : List.copyOf(frozen.keySet())) {
        if (System.nanoTime() - frozen.getOrDefault(sleeper, 0L) > 0) {
          frozen.remove(sleeper);
          sleeper.resume();
          running.add(sleeper);
        }
      }
      for (ProcessorProcess process : List.copyOf(running)) {
        if (!process.isAlive()) {
          running.remove(process);
          exits.add(process.exitCode());
        }
      }
      Fleet.pauseBriefly();
    }
  }

  private void add() {
    ProcessorProcess process =
        ProcessorProcess.start(
            List.of(
                "replay",
                "--resume",
                "--from=earliest",
                "--to=latest",
                "--topic=" + topics.input(),
                "--out=" + topics.labels(),
                "--dead-letters=" + topics.deadLetters()),
            settings(),
            Map.of("PHISTREAM_LOG_LEVEL", "WARN"));
    all.add(process);
    running.add(process);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FastFailover.SETTINGS);
    settings.put("bootstrap", broker.bootstrap());
    settings.put("model-repository", models.toString());
    settings.put("models", "small,middle,large");
    settings.put("window.events", "16");
    settings.put("decode-threads", "1");
    return settings;
  }

  private String outputs() {
    StringBuilder text = new StringBuilder();
    for (ProcessorProcess process : all) {
      String output = process.output();
      text.append("== ").append(process.pid()).append('\n');
      text.append(output.substring(Math.max(0, output.length() - 1500)));
    }
    return text.toString();
  }

  private void createTopics() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin
          .createTopics(
              topics.all().stream()
                  .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
      FreshTopics.await(admin, topics.all(), Duration.ofSeconds(30));
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("topics not created", e);
    }
  }
}
