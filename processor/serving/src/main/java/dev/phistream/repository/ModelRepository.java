package dev.phistream.repository;

import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelLocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * A directory with one directory per model, named by its id. Names that begin with a dot are the
 * repository's own: downloads, and models that are being written.
 */
public final class ModelRepository {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final String HOME = "~/";

  private final Path directory;

  /**
   * Opens one; the directory is made when it is first written to.
   *
   * @param directory may begin with {@code ~/}
   */
  public ModelRepository(Path directory) {
    this.directory = expanded(directory);
  }

  /** Where models are kept unless a user says otherwise: {@code ~/.phistream/models}. */
  public static Path standard() {
    return Path.of(System.getProperty("user.home"), ".phistream", "models");
  }

  /** Finds models in the given repository or, without one, in the standard place. */
  public static ModelLocator locator(Optional<Path> directory) {
    return new ModelLocator(
        Optional.of(directory.map(ModelRepository::expanded).orElseGet(ModelRepository::standard)));
  }

  /**
   * Checks an id, which is also a directory's name.
   *
   * @throws RepositoryException when it has other characters than letters, digits, dots, dashes and
   *     underscores
   */
  public static String checkId(String id) throws RepositoryException {
    if (!ID.matcher(id).matches()) {
      throw new RepositoryException(
          "id: '%s' (expected: letters, digits, '.', '_' and '-', such as tf_efficientnet_b0.ns_jft_in1k)"
              .formatted(id));
    }
    return id;
  }

  /** Where it lies. */
  public Path directory() {
    return directory;
  }

  /** The ids of what is in it, in order; damaged ones too. */
  public List<String> ids() throws RepositoryException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> ID.matcher(name).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new RepositoryException("%s: not readable: %s".formatted(directory, e), e);
    }
  }

  /** Whether there is one of this id, whole or damaged. */
  public boolean has(String id) {
    return ID.matcher(id).matches() && Files.isDirectory(directory.resolve(id));
  }

  /** The model of an id, which may not be there. */
  public ModelDirectory model(String id) {
    return ModelDirectory.on(path(id));
  }

  /** The directory of an id. */
  public Path path(String id) {
    return directory.resolve(id);
  }

  /**
   * Keeps a model under its id, in place of one of the same id. Nobody ever sees half of it.
   *
   * @param weights a safetensors file that has been checked
   * @return the card with the weights' digest
   */
  ModelCard put(ModelCard card, List<String> labels, byte[] weights) throws RepositoryException {
    try {
      return ModelDirectory.write(path(checkId(card.id())), card, labels, weights);
    } catch (IOException e) {
      throw unwritable(path(card.id()), e);
    }
  }

  /**
   * Deletes a model.
   *
   * @throws RepositoryException when there is none of this id
   */
  public void remove(String id) throws RepositoryException {
    if (!has(id)) {
      throw new RepositoryException(
          "model %s: not in %s (expected: one that phistream models list shows there)"
              .formatted(id, directory));
    }
    try {
      FileUtils.deleteDirectory(path(id).toFile());
    } catch (IOException e) {
      throw unwritable(path(id), e);
    }
  }

  /** Where downloads of a model lie until they are whole. */
  Path downloads(String id) {
    return directory.resolve(".downloads").resolve(id);
  }

  static RepositoryException unwritable(Path place, IOException e) {
    return new RepositoryException(
        "%s: not writable: %s; mend that, or name another directory with --models"
            .formatted(place, e),
        e);
  }

  private static Path expanded(Path directory) {
    String name = directory.toString();
    return name.startsWith(HOME)
        ? Path.of(System.getProperty("user.home"), name.substring(HOME.length()))
        : directory;
  }
}
