package dev.phistream.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

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
 */
record CpuUse(double process, double decoding, double devices, double own) {
  private static final double NANOS = 1e9;

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
    return new CpuUse(CpuClock.processNanos() / NANOS, decoding, devices, own);
  }

  CpuUse since(CpuUse before) {
    return new CpuUse(
        process - before.process,
        decoding - before.decoding,
        devices - before.devices,
        own - before.own);
  }

  /** Engine's native threads, compiler and garbage collection. */
  double rest() {
    return process - decoding - devices - own;
  }
}
