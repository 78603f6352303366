package dev.phistream.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The images that came with the program. Their files are named {@code CLASS-NUMBER.jpg}. */
final class Samples {
  private static final String FOLDER = "/samples/";
  private static final String INDEX = "index.txt";

  private Samples() {}

  /** Writes them to a directory, in the order of the index. */
  static List<Path> writeTo(Path directory) {
    try {
      List<Path> files = new ArrayList<>();
      for (String name : new String(read(INDEX), StandardCharsets.UTF_8).strip().lines().toList()) {
        files.add(Files.write(directory.resolve(name), read(name)));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class that a sample shows. */
  static String classOf(Path sample) {
    String name = sample.getFileName().toString();
    return name.substring(0, name.lastIndexOf('-'));
  }

  private static byte[] read(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Samples.class.getResourceAsStream(FOLDER + file), file)) {
      return in.readAllBytes();
    }
  }
}
