package dev.phistream.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A name that stands for a model and can be given to another while processors run: the file {@code
 * .aliases/NAME.json} of a model repository.
 *
 * @param model id or directory of the model that it stands for
 * @param previous what it stood for before, or null
 * @param changed when it was last changed, ISO-8601; a change to the same model is one, too
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelAlias(String model, @Nullable String previous, String changed) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FOLDER = ".aliases";
  private static final String SUFFIX = ".json";
  private static final long MOST_BYTES = 1 << 20;

  /** Where a repository keeps its aliases. */
  public static Path folder(Path repository) {
    return repository.resolve(FOLDER);
  }

  /** Where a repository keeps an alias. */
  public static Path file(Path repository, String name) {
    return folder(repository).resolve(name + SUFFIX);
  }

  /**
   * Reads one.
   *
   * @return empty when the repository has none of this name
   * @throws ModelException when its file is damaged
   */
  public static Optional<ModelAlias> read(Path repository, String name) throws ModelException {
    Path file = file(repository, name);
    try {
      ModelAlias alias = JSON.readValue(BoundedFile.read(file, MOST_BYTES), ModelAlias.class);
      if (alias == null || alias.model() == null || alias.changed() == null) {
        throw new ModelException(
            "%s: incomplete (expected: model and changed); write it with phistream models switch"
                .formatted(file));
      }
      return Optional.of(alias);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ModelException("%s: not readable as an alias: %s".formatted(file, e), e);
    }
  }

  /** Its file's content. */
  public byte[] bytes() {
    try {
      return (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
