package dev.phistream.faults;

import dev.phistream.testkit.ProcessorProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Processors as child processes. Children are ended by their own process ids, also when this
 * process is told to end. Confined to one thread.
 */
final class Fleet implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(90);
  private static final int TAIL_CHARS = 3000;

  /** A start that finds no broker ends so, and leaves it to a supervisor to try again. */
  private static final String NO_BROKER = "no answer within";

  /** An instance, and when it is to be woken, in {@link System#nanoTime}. */
  private record Paused(ProcessorProcess process, long until) {}

  private final Map<String, String> settings;
  private final List<ProcessorProcess> running = new ArrayList<>();
  private final List<Paused> paused = new ArrayList<>();
  private final Map<ProcessorProcess, Long> stopping = new LinkedHashMap<>();
  private final List<ProcessorProcess> all = Collections.synchronizedList(new ArrayList<>());
  private final List<String> complaints = new ArrayList<>();
  private final Map<Integer, Integer> stoppedAtStart = new TreeMap<>();
  private int withoutBroker;
  private final Thread lastResort = new Thread(this::killAll, "end-children");

  Fleet(Map<String, String> settings) {
    this.settings = Map.copyOf(settings);
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  /** One instance more. */
  void add() {
    ProcessorProcess process =
        ProcessorProcess.start(settings, Map.of("PHISTREAM_LOG_LEVEL", "WARN"));
    all.add(process);
    running.add(process);
  }

  /** SIGKILL, and another in its place. */
  void kill(int pick) {
    ProcessorProcess process = take(pick);
    process.kill();
    add();
  }

  /** SIGTERM, and another in its place at once. */
  void replace(int pick) {
    remove(pick);
    add();
  }

  /** SIGTERM; {@link #tend} sees to the end. */
  void remove(int pick) {
    ProcessorProcess process = take(pick);
    process.requestStop();
    stopping.put(process, System.nanoTime() + STOP.toNanos());
  }

  /** SIGSTOP for some time; {@link #tend} sees to the end of it. */
  void pause(int pick, Duration time) {
    ProcessorProcess process = take(pick);
    process.pause();
    paused.add(new Paused(process, System.nanoTime() + time.toNanos()));
  }

  /** Wakes the paused, sees the stopping off, replaces who ended without being told to. */
  void tend() {
    wake(System.nanoTime());
    stopping
        .entrySet()
        .removeIf(
            entry -> {
              ProcessorProcess process = entry.getKey();
              if (!process.isAlive()) {
                if (process.exitCode() != 0) {
                  if (process.output().contains("ready ")) {
                    complain("told to stop, exit code " + process.exitCode(), process);
                  } else {
                    stoppedAtStart.merge(process.exitCode(), 1, Integer::sum);
                  }
                }
                return true;
              }
              if (System.nanoTime() - entry.getValue() > 0) {
                complain("did not stop within " + STOP.toSeconds() + " s of SIGTERM", process);
                process.kill();
                return true;
              }
              return false;
            });
    for (ProcessorProcess process : List.copyOf(running)) {
      if (!process.isAlive()) {
        running.remove(process);
        if (process.output().contains(NO_BROKER)) {
          withoutBroker++;
        } else {
          complain("ended by itself, exit code " + process.exitCode(), process);
        }
        add();
      }
    }
  }

  /** Ends the run in order: wakes all, stops all. */
  void stop() {
    wake(Long.MAX_VALUE);
    while (!running.isEmpty()) {
      remove(0);
    }
    while (!stopping.isEmpty()) {
      tend();
      pauseBriefly();
    }
  }

  /** What processors did that they should not: ended by themselves, or did not end when told. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Exit codes other than 0 of those that were told to stop before they were ready. */
  Map<Integer, Integer> stoppedAtStart() {
    return Map.copyOf(stoppedAtStart);
  }

  /** How many started while the broker was away, and ended for it. */
  int withoutBroker() {
    return withoutBroker;
  }

  /** How many were started. */
  int started() {
    return all.size();
  }

  /** Warnings and errors that all of them logged. */
  List<String> logs() {
    return all.stream().map(process -> "== " + process.pid() + "\n" + process.output()).toList();
  }

  @Override
  public void close() {
    all.forEach(ProcessorProcess::close);
    Runtime.getRuntime().removeShutdownHook(lastResort);
  }

  private void wake(long now) {
    for (Paused sleeper : List.copyOf(paused)) {
      if (now == Long.MAX_VALUE || now - sleeper.until() >= 0) {
        paused.remove(sleeper);
        sleeper.process().resume();
        running.add(sleeper.process());
      }
    }
  }

  private ProcessorProcess take(int pick) {
    if (running.isEmpty()) {
      wake(Long.MAX_VALUE);
    }
    return running.remove(pick % running.size());
  }

  private void complain(String what, ProcessorProcess process) {
    String output = process.output();
    complaints.add(
        "instance %d %s: …%s"
            .formatted(
                process.pid(), what, output.substring(Math.max(0, output.length() - TAIL_CHARS))));
  }

  private void killAll() {
    all.forEach(ProcessorProcess::kill);
  }

  static void pauseBriefly() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
