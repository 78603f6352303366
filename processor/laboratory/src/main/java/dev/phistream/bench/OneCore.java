package dev.phistream.bench;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps all of this process on one core. Threads inherit the core from their parents, so that those
 * of native libraries that load later stay there too.
 */
final class OneCore {
  private static final Path THREADS = Path.of("/proc/self/task");
  private static final int MASK_BYTES = 128;

  /** The part of the C library that is needed. */
  private interface C extends Library {
    int sched_getaffinity(int thread, NativeLong bytes, Memory mask);

    int sched_setaffinity(int thread, NativeLong bytes, Memory mask);
  }

  private OneCore() {}

  /**
   * Pins every thread to the last core that this process may use, for the first one often serves
   * the system.
   *
   * @throws BenchException where the system has no such call; only Linux has it
   */
  static void pin() throws BenchException {
    if (!Files.isDirectory(THREADS)) {
      throw new BenchException(
          "one core: %s cannot pin a process (expected: Linux)"
              .formatted(System.getProperty("os.name")));
    }
    C c = Native.load("c", C.class);
    Memory mask = new Memory(MASK_BYTES);
    mask.clear();
    if (c.sched_getaffinity(0, new NativeLong(MASK_BYTES), mask) < 0) {
      throw new BenchException("one core: the system does not tell which cores may be used");
    }
    int last = last(mask);
    mask.clear();
    mask.setByte(last / Byte.SIZE, (byte) (1 << (last % Byte.SIZE)));
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        // A thread that has ended since cannot be pinned and need not be.
        c.sched_setaffinity(
            Integer.parseInt(thread.getFileName().toString()), new NativeLong(MASK_BYTES), mask);
      }
    } catch (IOException e) {
      throw new BenchException("one core: " + THREADS + " is not readable: " + e, e);
    }
  }

  private static int last(Memory mask) {
    for (int core = MASK_BYTES * Byte.SIZE - 1; core > 0; core--) {
      if ((mask.getByte(core / Byte.SIZE) >> (core % Byte.SIZE) & 1) == 1) {
        return core;
      }
    }
    return 0;
  }
}
