package dev.phistream.bench;

import java.lang.management.ManagementFactory;

/** Processor time of this process against the time that passes. */
final class CpuClock {
  private final long cpuNanos = processNanos();
  private final long nanos = System.nanoTime();

  private CpuClock() {}

  static CpuClock start() {
    return new CpuClock();
  }

  /** Cores that were busy on average since the start. */
  double coresUsed() {
    return (double) (processNanos() - cpuNanos) / (System.nanoTime() - nanos);
  }

  /** Processor time of this process so far; 0 where the system does not tell. */
  static long processNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}
