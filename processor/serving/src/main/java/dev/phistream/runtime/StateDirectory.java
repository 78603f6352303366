package dev.phistream.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Kafka Streams keeps its lock files. The ledger lives in memory and in its changelog, so
 * that nothing here outlives the process, and instances on one machine must not share it.
 *
 * @param path the directory
 */
record StateDirectory(Path path) {
  private static final Logger log = LoggerFactory.getLogger(StateDirectory.class);

  static StateDirectory create() {
    try {
      return new StateDirectory(Files.createTempDirectory("phistream-state-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes it with everything in it, as far as possible. */
  void delete() {
    try {
      FileUtils.deleteDirectory(path.toFile());
    } catch (IOException e) {
      log.debug("{} is left behind", path, e);
    }
  }
}
