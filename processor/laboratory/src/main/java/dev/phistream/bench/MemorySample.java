package dev.phistream.bench;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A process's memory after a number of batches, in bytes.
 *
 * @param batches so far
 * @param resident all that lies in RAM ({@code Rss})
 * @param anonymous the part of it that no file backs: heaps, stacks, what native code allocates
 * @param heap committed to Java objects; it is touched at the start and keeps its size
 * @param heapUsed the part of it in use
 * @param direct Java's direct buffers, a part of anonymous
 */
public record MemorySample(
    long batches, long resident, long anonymous, long heap, long heapUsed, long direct) {
  private static final Path ROLLUP = Path.of("/proc/self/smaps_rollup");
  private static final long KIB = 1024;

  /**
   * Of this process, now.
   *
   * @throws BenchException where the system does not tell; only Linux does
   */
  static MemorySample take(long batches) throws BenchException {
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return new MemorySample(
        batches, rollup("Rss:"), rollup("Anonymous:"), heap.getCommitted(), heap.getUsed(), direct);
  }

  /** What is neither files nor Java objects: mostly the engine's. */
  public long nativeBytes() {
    return anonymous - heap;
  }

  private static long rollup(String key) throws BenchException {
    try (Stream<String> lines = Files.lines(ROLLUP)) {
      return lines
              .filter(line -> line.startsWith(key))
              .map(line -> line.substring(key.length()).replace("kB", "").strip())
              .mapToLong(Long::parseLong)
              .findFirst()
              .orElseThrow()
          * KIB;
    } catch (IOException e) {
      throw new BenchException(
          "memory: %s is not readable: %s (expected: Linux)".formatted(ROLLUP, e), e);
    }
  }
}
