package dev.phistream.repository;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps a second pull off a model's downloads. It ends with the process at the latest. */
final class PullLock implements AutoCloseable {
  private final FileChannel channel;

  private PullLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param file is left where it is: deleting it would let two in
   * @throws RepositoryException when somebody has it
   */
  static PullLock take(Path file, String id) throws RepositoryException {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent(), "parent"));
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new RepositoryException(
            "%s: another pull of it runs (lock %s); wait until it has ended".formatted(id, file));
      }
      return new PullLock(channel);
    } catch (IOException e) {
      throw ModelRepository.unwritable(file, e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) { // a pull of this process has it
      return null;
    }
  }

  @Override
  public void close() throws RepositoryException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new RepositoryException("lock not released: " + e, e);
    }
  }
}
