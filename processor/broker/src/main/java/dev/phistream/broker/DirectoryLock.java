package dev.phistream.broker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second broker off a data directory. Kafka has a lock of its own, but takes it only after
 * the controller has begun to write metadata.
 */
final class DirectoryLock implements AutoCloseable {
  static final String FILE_NAME = "phistream.lock";
  private static final Logger log = LoggerFactory.getLogger(DirectoryLock.class);

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, which ends with the process at the latest.
   *
   * @throws BrokerException when somebody has it, or the directory cannot be made or written
   */
  static DirectoryLock take(Path data) throws BrokerException {
    FileChannel channel = null;
    boolean taken = false;
    try {
      Files.createDirectories(data);
      channel =
          FileChannel.open(
              data.resolve(FILE_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      taken = tryLock(channel);
      if (!taken) {
        throw new BrokerException(
            "data directory %s: in use by another broker; stop that one or name another directory"
                .formatted(data));
      }
      return new DirectoryLock(channel);
    } catch (IOException e) {
      throw new BrokerException(
          "data directory %s: %s; name one that can be created and written".formatted(data, e), e);
    } finally {
      if (!taken) {
        close(channel);
      }
    }
  }

  @Override
  public void close() {
    close(channel);
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) { // a broker of this process has it
      return false;
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      log.warn("lock not released: {}", e.toString());
    }
  }
}
