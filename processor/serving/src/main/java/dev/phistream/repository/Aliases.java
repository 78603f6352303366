package dev.phistream.repository;

import dev.phistream.model.ModelAlias;
import dev.phistream.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The aliases of a model repository. Each change takes the place of what was there in one step, so
 * that processors that look at it never see half of one.
 */
public final class Aliases {
  private static final String SUFFIX = ".json";

  private final ModelRepository repository;
  private final InstantSource clock;

  /** Opens them; nothing need be there yet. */
  public Aliases(ModelRepository repository, InstantSource clock) {
    this.repository = repository;
    this.clock = clock;
  }

  /** Their names, in order. */
  public List<String> names() throws RepositoryException {
    Path folder = ModelAlias.folder(repository.directory());
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("."))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new RepositoryException("%s: not readable: %s".formatted(folder, e), e);
    }
  }

  /** What a name stands for, if it is an alias. */
  public Optional<ModelAlias> get(String name) throws RepositoryException, ModelException {
    return ModelAlias.read(repository.directory(), ModelRepository.checkId(name));
  }

  /**
   * Gives a name to a model; what had it before is remembered.
   *
   * @param model id or directory of a model that has been checked
   * @throws RepositoryException when a model has this name as its id
   */
  public ModelAlias set(String name, String model) throws RepositoryException, ModelException {
    Optional<ModelAlias> before = get(name);
    if (repository.has(name)) {
      throw new RepositoryException(
          "alias %s: a model in %s has this id (expected: a name of its own, such as %s-live)"
              .formatted(name, repository.directory(), name));
    }
    return write(name, model, before.map(ModelAlias::model).orElse(null));
  }

  /**
   * Gives a name back to the model that had it before.
   *
   * @throws RepositoryException when there is none
   */
  public ModelAlias rollback(String name) throws RepositoryException, ModelException {
    ModelAlias now =
        get(name)
            .orElseThrow(
                () ->
                    new RepositoryException(
                        "alias %s: not in %s (expected: one that phistream models aliases shows)"
                            .formatted(name, repository.directory())));
    if (now.previous() == null) {
      throw new RepositoryException(
          "alias %s: stood for nothing before %s (expected: an earlier switch)"
              .formatted(name, now.model()));
    }
    return write(name, /* model= */ now.previous(), /* previous= */ now.model());
  }

  private ModelAlias write(String name, String model, @Nullable String previous)
      throws RepositoryException {
    ModelAlias alias =
        new ModelAlias(model, previous, clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    Path file = ModelAlias.file(repository.directory(), name);
    Path fresh = file.resolveSibling("." + UUID.randomUUID());
    try {
      Files.createDirectories(ModelAlias.folder(repository.directory()));
      Files.write(fresh, alias.bytes());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw ModelRepository.unwritable(file, e);
    }
    return alias;
  }
}
