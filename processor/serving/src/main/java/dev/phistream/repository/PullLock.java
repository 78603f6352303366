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
  private final Path directory;

  private PullLock(FileChannel channel, Path directory) {
    this.channel = channel;
    this.directory = directory;
  }

  /**
   * Takes the lock. Its file stays for good: deleting it would let two in.
   *
   * @param directory of the downloads of {@code id}
   * @throws RepositoryException when somebody has it
   */
  static PullLock take(Path directory, String id) throws RepositoryException {
    Path file = directory.resolveSibling(id + ".lock");
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent(), "parent"));
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new RepositoryException(
            "%s: another pull of it runs (lock %s); wait until it has ended".formatted(id, file));
      }
      return new PullLock(channel, directory);
    } catch (IOException e) {
      throw ModelRepository.unwritable(file, e);
    }
  }

  /** The directory that is locked. */
  Path directory() {
    return directory;
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
