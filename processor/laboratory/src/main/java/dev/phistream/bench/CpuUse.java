package dev.phistream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Processor time of this process so far, by what its threads do, in seconds. Threads that have
 * ended count for the process alone.
 *
 * @param process all of it
 * @param decoding the decode pool's threads
 * @param devices the threads that call the engine; native ones that it has itself are not among
 *     them
 * @param own all other threads of Java code but the one that measures: the stream thread, Kafka's
 *     clients in this process, the watchdog
 * @param compiling the JVM's compilers; 0 where the system does not tell, which only Linux does
 * @param collecting the JVM's garbage collection, likewise
 */
record CpuUse(
    double process,
    double decoding,
    double devices,
    double own,
    double compiling,
    double collecting) {
  private static final double NANOS = 1e9;
  private static final Path THREADS = Path.of("/proc/self/task");
  private static final double TICKS_PER_SECOND = 100; // Linux shows them so on every machine
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  /** Until now. */
  static CpuUse now() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long measuring = Thread.currentThread().getId();
    double decoding = 0;
    double devices = 0;
    double own = 0;
    for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread == null || thread.getThreadId() == measuring) {
        continue;
      }
      double seconds = Math.max(0, threads.getThreadCpuTime(thread.getThreadId())) / NANOS;
      if (thread.getThreadName().startsWith("decode-")) {
        decoding += seconds;
      } else if (thread.getThreadName().startsWith("device-")) {
        devices += seconds;
      } else {
        own += seconds;
      }
    }
    return new CpuUse(
        CpuClock.processNanos() / NANOS,
        decoding,
        devices,
        own,
        ofThreads("C1 Compiler", "C2 Compiler"),
        ofThreads("GC Thread", "VM Thread"));
  }

  CpuUse since(CpuUse before) {
    return new CpuUse(
        process - before.process,
        decoding - before.decoding,
        devices - before.devices,
        own - before.own,
        compiling - before.compiling,
        collecting - before.collecting);
  }

  CpuUse plus(CpuUse other) {
    return new CpuUse(
        process + other.process,
        decoding + other.decoding,
        devices + other.devices,
        own + other.own,
        compiling + other.compiling,
        collecting + other.collecting);
  }

  /** The engine's native threads, and what else is no Java thread. */
  double rest() {
    return process - decoding - devices - own - compiling - collecting;
  }

  /** Of the threads of the JVM itself whose names begin so. */
  private static double ofThreads(String... names) {
    if (!Files.isDirectory(THREADS)) {
      return 0;
    }
    try (Stream<Path> threads = Files.list(THREADS)) {
      return threads
          .filter(thread -> isOneOf(read(thread.resolve("comm")), names))
          .mapToDouble(thread -> seconds(read(thread.resolve("stat"))))
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /** In user code and in the system, of a thread's {@code stat} as proc(5) describes it. */
  private static double seconds(String stat) {
    if (stat.isEmpty()) {
      return 0;
    }
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(afterName[USER_TIME]) + Long.parseLong(afterName[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  private static boolean isOneOf(String thread, String... names) {
    return Stream.of(names).anyMatch(thread::startsWith);
  }

  /** Empty where the thread has just ended, or the system does not tell. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
