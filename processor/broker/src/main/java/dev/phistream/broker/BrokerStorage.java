package dev.phistream.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/** The directory in which a broker keeps its records and metadata. */
final class BrokerStorage {
  private BrokerStorage() {}

  /**
   * Checks that a directory, if there is one, is empty or a broker's. Touches nothing.
   *
   * @throws BrokerException when it belongs to something else or cannot be read
   */
  static void check(Path data) throws BrokerException {
    try {
      if (Files.exists(data) && !isEmpty(data)) {
        checkOwner(data);
      }
    } catch (IOException e) {
      throw new BrokerException(
          "data directory %s: %s; name one that can be read and written".formatted(data, e), e);
    }
  }

  /**
   * Formats a directory if it is empty.
   *
   * @throws BrokerException when it cannot be written
   */
  static void format(Path data) throws BrokerException {
    try {
      if (isEmpty(data)) {
        formatter(data).run();
      }
    } catch (Exception e) { // as the formatter declares
      throw new BrokerException(
          "data directory %s: cannot be formatted: %s; name one that can be written"
              .formatted(data, e.getMessage()),
          e);
    }
  }

  /** Deletes a directory and all in it; what is gone already does not matter. */
  static void delete(Path data) throws IOException {
    FileUtils.deleteDirectory(data.toFile());
  }

  private static boolean isEmpty(Path data) throws IOException {
    try (Stream<Path> entries = Files.list(data)) {
      return entries.allMatch(entry -> entry.endsWith(DirectoryLock.FILE_NAME));
    }
  }

  private static Formatter formatter(Path data) {
    return new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(BrokerSettings.NODE_ID)
        .setDirectories(List.of(data.toString()))
        .setMetadataLogDirectory(data.toString())
        .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
        .setHasDynamicQuorum(false);
  }

  private static void checkOwner(Path data) throws IOException, BrokerException {
    MetaPropertiesEnsemble found =
        new MetaPropertiesEnsemble.Loader().addMetadataLogDir(data.toString()).load();
    MetaProperties properties = found.logDirProps().get(data.toString());
    if (properties == null) {
      throw new BrokerException(
          "data directory %s: not empty and without a readable %s (expected: a broker's directory, or an empty or new one); name another"
              .formatted(data, MetaPropertiesEnsemble.META_PROPERTIES_NAME));
    }
    int node = properties.nodeId().orElse(-1);
    if (node != BrokerSettings.NODE_ID || properties.clusterId().isEmpty()) {
      throw new BrokerException(
          "data directory %s: belongs to node %s of cluster %s (expected: node %d of a cluster of its own); name another"
              .formatted(
                  data,
                  node < 0 ? "?" : String.valueOf(node),
                  properties.clusterId().orElse("?"),
                  BrokerSettings.NODE_ID));
    }
  }
}
