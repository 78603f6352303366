package dev.phistream.runtime;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Problem;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Says at start whether the process may open enough files and connections. With too few, Kafka's
 * clients fail in ways that name neither the limit nor the remedy.
 */
final class FileDescriptors {
  /** Connections to brokers, the registry and hosts of images, and files of models. */
  private static final long LEAST_FREE = 128;

  private FileDescriptors() {}

  /** Checks the limit of this process, on systems that have one. */
  static void check() throws ConfigException {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      check(system.getOpenFileDescriptorCount(), system.getMaxFileDescriptorCount());
    }
  }

  static void check(long open, long most) throws ConfigException {
    if (most - open < LEAST_FREE) {
      throw new ConfigException(
          List.of(
              new Problem(
                  "file descriptors",
                  "file descriptors: %d of %d are in use (expected: at least %d free, for connections and files); raise the limit, such as with ulimit -n 4096 or LimitNOFILE=4096"
                      .formatted(open, most, LEAST_FREE))));
    }
  }
}
