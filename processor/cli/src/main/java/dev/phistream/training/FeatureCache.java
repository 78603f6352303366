package dev.phistream.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Features on disk, a file for each image and view, so that a second training on the same images
 * and base model computes none. Files that are damaged count as absent; several trainings may share
 * a cache. Thread-safe.
 */
final class FeatureCache {
  private final Path directory;
  private final int values;

  /**
   * Opens a cache; its directory is made when it is first written to.
   *
   * @param directory of one base model
   * @param values floats of each view
   */
  FeatureCache(Path directory, int values) {
    this.directory = directory;
    this.values = values;
  }

  /** The features of a view, or null where there are none. */
  float @Nullable [] get(String sha256, String view) {
    try {
      byte[] bytes = Files.readAllBytes(file(sha256, view));
      int length = values * Float.BYTES;
      if (bytes.length != length + Long.BYTES) {
        return null;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (buffer.getLong(length) != checksum(bytes, length)) {
        return null;
      }
      float[] features = new float[values];
      buffer.asFloatBuffer().get(features);
      return features;
    } catch (IOException e) {
      return null;
    }
  }

  /** Keeps the features of a view. */
  void put(String sha256, String view, float[] features) throws IOException {
    byte[] bytes = new byte[values * Float.BYTES + Long.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(features);
    buffer.putLong(values * Float.BYTES, checksum(bytes, values * Float.BYTES));
    Path target = file(sha256, view);
    Files.createDirectories(target.resolveSibling("."));
    Path fresh = target.resolveSibling("." + UUID.randomUUID());
    Files.write(fresh, bytes);
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path file(String sha256, String view) {
    return directory.resolve(sha256.substring(0, 2)).resolve(sha256 + "." + view);
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    return checksum.getValue();
  }
}
