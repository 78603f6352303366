package dev.phistream.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds models by what users call them: a directory, an id or an alias in the model repository, or
 * the id of a model that came with the program, in this order.
 *
 * @param repository directory with one directory per model, if there is one
 */
public record ModelLocator(Optional<Path> repository) {
  /** Ids of the models that came with the program, fastest first. */
  public static final List<String> BUNDLED = List.of("phi-11", "phi-9", "phi-7");

  /**
   * Finds one.
   *
   * @param name an id, or a directory; only names with a separator or those that exist are taken
   *     for directories
   * @throws ModelException when there is none
   */
  public ModelDirectory find(String name) throws ModelException {
    Optional<ModelAlias> alias = alias(name);
    return findModel(alias.isPresent() ? alias.get().model() : name);
  }

  /**
   * The alias of a name; empty when a directory or a model has that name, or nothing has.
   *
   * @throws ModelException when the alias is damaged
   */
  public Optional<ModelAlias> alias(String name) throws ModelException {
    return repository.isEmpty()
            || isDirectory(name)
            || Files.isDirectory(repository.get().resolve(name))
        ? Optional.empty()
        : ModelAlias.read(repository.get(), name);
  }

  private static boolean isDirectory(String name) {
    return name.contains("/") || Files.isDirectory(Path.of(name));
  }

  private ModelDirectory findModel(String name) throws ModelException {
    if (isDirectory(name)) {
      return ModelDirectory.on(Path.of(name));
    }
    if (repository.isPresent() && Files.isDirectory(repository.get().resolve(name))) {
      return ModelDirectory.on(repository.get().resolve(name));
    }
    ModelDirectory bundled = ModelDirectory.bundled(name);
    if (bundled == null) {
      throw new ModelException(
          "model %s: not found%s (expected: a directory, or one of %s; phistream models list shows all, models pull fetches published ones)"
              .formatted(
                  name,
                  repository.map(path -> " in " + path).orElse(""),
                  String.join(", ", BUNDLED)));
    }
    return bundled;
  }
}
