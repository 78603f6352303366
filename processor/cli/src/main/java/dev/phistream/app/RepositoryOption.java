package dev.phistream.app;

import dev.phistream.model.ModelLocator;
import dev.phistream.repository.ModelRepository;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model repository a command looks into. */
public final class RepositoryOption {
  private static final String STANDARD = "~/.phistream/models";

  @Option(
      names = "--models",
      paramLabel = "DIR",
      defaultValue = "${env:PHISTREAM_MODEL_REPOSITORY:-" + STANDARD + "}",
      description =
          "The model repository (default: PHISTREAM_MODEL_REPOSITORY, else " + STANDARD + ").")
  private Path directory = Path.of(STANDARD);

  public ModelRepository repository() {
    return new ModelRepository(directory);
  }

  /** Whether two ids or directories name one model. */
  boolean samePlace(String one, String other) {
    return place(one).equals(place(other));
  }

  private Path place(String name) {
    ModelRepository models = repository();
    Path place = name.contains("/") || !models.has(name) ? Path.of(name) : models.path(name);
    return place.toAbsolutePath().normalize();
  }

  /** Finds models in it, by directory, and among the bundled ones. */
  public ModelLocator locator() {
    return ModelRepository.locator(Optional.of(directory));
  }
}
