package dev.phistream.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Camel, which is no part of the product: the build puts it beside the program's libraries, and
 * only the process that measures a peer has it on its class path.
 */
final class PeerLibraries {
  private static final String PROBE = "org.apache.camel.CamelContext";
  private static final String DIRECTORY = "lib-peers";

  private PeerLibraries() {}

  /**
   * What the class path lacks; nothing where tests run.
   *
   * @throws BenchException when they are not there either
   */
  static List<Path> find() throws BenchException {
    if (isHere()) {
      return List.of();
    }
    try {
      Path program =
          Path.of(PeerLibraries.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path directory = program.resolveSibling(DIRECTORY);
      if (!Files.isDirectory(directory)) {
        throw new BenchException(
            "%s: not there (expected: Camel's libraries); measure peers with a build from the sources, as ./phistream makes it"
                .formatted(directory));
      }
      try (Stream<Path> files = Files.list(directory)) {
        return files.sorted().toList();
      }
    } catch (URISyntaxException | IOException e) {
      throw new BenchException("peers: libraries not readable: " + e, e);
    }
  }

  private static boolean isHere() {
    try {
      Class.forName(PROBE, false, PeerLibraries.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
