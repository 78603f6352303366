package dev.phistream.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files whole that users or other programs name: a pipe would be waited for without end, a
 * device never ends, and a file that is too large takes all memory.
 */
public final class BoundedFile {
  private BoundedFile() {}

  /**
   * Reads a file, which may be a link to one.
   *
   * @param most bytes
   * @throws java.nio.file.NoSuchFileException when there is none
   * @throws IOException when it is no regular file, is larger, or cannot be read
   */
  public static byte[] read(Path file, long most) throws IOException {
    long size = Files.size(file); // first: tells a file that is missing from one that is none
    if (!Files.isRegularFile(file)) {
      throw new IOException("not a regular file (expected: one, not a folder, pipe or device)");
    }
    if (size > most) {
      throw new IOException("%d bytes (expected: at most %d)".formatted(size, most));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
      if (bytes.length > most) {
        throw new IOException("grew beyond %d bytes while it was read".formatted(most));
      }
      return bytes;
    }
  }

  /** What a file may have that is held in memory twice: as it is, and as numbers. */
  public static long mostWeights() {
    return Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() * 2 / 5);
  }
}
