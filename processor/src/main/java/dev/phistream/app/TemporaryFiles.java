package dev.phistream.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Clears up behind commands. */
final class TemporaryFiles {
  private TemporaryFiles() {}

  /** Deletes a directory with everything in it, as far as possible. */
  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It lies in the system's temporary directory, which is cleared by others.
    }
  }
}
