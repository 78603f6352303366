package dev.phistream.repository;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being downloaded: {@code NAME.part}, and beside it {@code NAME.part.json}, which
 * says what version of the server's file its bytes are of. Both outlive the process.
 */
final class PartialFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path bytes;
  private final Path about;

  /** The partial file of {@code name}; makes its directory. */
  PartialFile(Path directory, String name) throws RepositoryException {
    this.bytes = directory.resolve(name + ".part");
    this.about = directory.resolve(name + ".part.json");
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw ModelRepository.unwritable(directory, e);
    }
  }

  Path path() {
    return bytes;
  }

  long length() throws RepositoryException {
    try {
      return Files.exists(bytes) ? Files.size(bytes) : 0;
    } catch (IOException e) {
      throw ModelRepository.unwritable(bytes, e);
    }
  }

  /** What the bytes are of, or null if that is not known. */
  @Nullable Validator validator() {
    try {
      return Files.exists(about) ? JSON.readValue(about.toFile(), Validator.class) : null;
    } catch (JacksonException e) { // cut off itself
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Throws away what is there and begins with bytes of another version. */
  void begin(Validator validator) throws RepositoryException {
    try {
      Files.deleteIfExists(bytes);
      Files.writeString(about, JSON.writeValueAsString(validator));
    } catch (IOException e) {
      throw ModelRepository.unwritable(bytes, e);
    }
  }

  void delete() throws RepositoryException {
    try {
      Files.deleteIfExists(bytes);
      Files.deleteIfExists(about);
    } catch (IOException e) {
      throw ModelRepository.unwritable(bytes, e);
    }
  }

  /** Says so now if the disk has no room for {@code more} bytes. */
  void checkSpace(long more) throws RepositoryException {
    try {
      long free =
          Files.getFileStore(Objects.requireNonNull(bytes.getParent(), "parent")).getUsableSpace();
      if (free < more) {
        throw new RepositoryException(
            "%s: %.1f MB free (expected: %.1f MB or more); free some, or name another directory with --models"
                .formatted(bytes.getParent(), free / 1e6, more / 1e6));
      }
    } catch (IOException e) {
      throw ModelRepository.unwritable(bytes, e);
    }
  }

  /** Hears how long the file is after each write. */
  interface Growth {
    void grownTo(long length);
  }

  /**
   * Appends what comes until the stream ends.
   *
   * @param most bytes that the file may have; with more of them, it is deleted
   * @throws IOException when reading fails; what came before is kept
   * @throws RepositoryException when writing fails, or more comes
   */
  void append(InputStream in, long most, Growth growth) throws IOException, RepositoryException {
    long length = length();
    byte[] buffer = new byte[1 << 16];
    try (var out = open()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (length + read > most) {
          delete();
          throw new RepositoryException(
              "%s: more than %d bytes come (expected: at most so many); what came is thrown away. Is it the right address?"
                  .formatted(bytes.getFileName(), most));
        }
        try {
          out.write(buffer, 0, read);
        } catch (IOException e) {
          throw ModelRepository.unwritable(bytes, e);
        }
        length += read;
        growth.grownTo(length);
      }
    }
  }

  String sha256() throws RepositoryException {
    try (InputStream in = Files.newInputStream(bytes)) {
      return DigestUtils.sha256Hex(in);
    } catch (IOException e) {
      throw ModelRepository.unwritable(bytes, e);
    }
  }

  byte[] read() throws RepositoryException {
    try {
      return Files.readAllBytes(bytes);
    } catch (IOException e) {
      throw ModelRepository.unwritable(bytes, e);
    }
  }

  private java.io.OutputStream open() throws RepositoryException {
    try {
      return Files.newOutputStream(bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw ModelRepository.unwritable(bytes, e);
    }
  }
}
