package dev.phistream.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * Models as they lie on disk or in the jar: {@code model.json} (the card), {@code
 * model.safetensors} (the weights, by timm's names) and {@code labels.txt} (class names, one a
 * line), and perhaps {@code probes.json} (what the model says of some images).
 */
public final class ModelDirectory {
  private static final String CARD = "model.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String LABELS = "labels.txt";
  private static final String PROBES = "probes.json";
  private static final List<String> FILES = List.of(CARD, WEIGHTS, LABELS, PROBES);

  /** Of any file but the weights; probes are the largest. */
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  /** Where the files come from. */
  private interface Source {
    byte[] read(String file) throws IOException;

    /** Changes when the file does; a file that never does may have an empty one. */
    default String stamp(String file) throws IOException {
      return "";
    }
  }

  /** Files of a directory. */
  private record OnDisk(Path directory) implements Source {
    @Override
    public byte[] read(String file) throws IOException {
      return BoundedFile.read(
          directory.resolve(file), file.equals(WEIGHTS) ? BoundedFile.mostWeights() : MOST_BYTES);
    }

    @Override
    public String stamp(String file) throws IOException {
      Path path = directory.resolve(file);
      try {
        return "%s %d %s;"
            .formatted(file, Files.size(path), Files.getLastModifiedTime(path).toInstant());
      } catch (NoSuchFileException e) {
        return "";
      }
    }
  }

  private final String place;
  private final Source source;

  private ModelDirectory(String place, Source source) {
    this.place = place;
    this.source = source;
  }

  /** The model in a directory. */
  public static ModelDirectory on(Path directory) {
    return new ModelDirectory(directory.toString(), new OnDisk(directory));
  }

  /** A model that came with the program, or null when there is none of this id. */
  public static @Nullable ModelDirectory bundled(String id) {
    String folder = "/models/" + id + "/";
    if (ModelDirectory.class.getResource(folder + CARD) == null) {
      return null;
    }
    return new ModelDirectory(
        "bundled model " + id,
        file -> {
          try (InputStream in = ModelDirectory.class.getResourceAsStream(folder + file)) {
            if (in == null) {
              throw new NoSuchFileException(folder + file);
            }
            return in.readAllBytes();
          }
        });
  }

  /**
   * Reads the card alone.
   *
   * @throws ModelException when it is missing or cannot be understood
   */
  public ModelCard card() throws ModelException {
    try {
      ModelCard card = JSON.readValue(read(CARD), ModelCard.class);
      if (card == null) {
        throw new ModelException("%s: %s is not a model card: null".formatted(place, CARD));
      }
      return card;
    } catch (JacksonException e) {
      throw new ModelException(
          "%s: %s is not a model card: %s".formatted(place, CARD, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // bytes in memory do not fail otherwise
    }
  }

  /**
   * Reads the class names alone.
   *
   * @throws ModelException when they are missing, or not as many as the card says
   */
  public List<String> labels() throws ModelException {
    return labels(card());
  }

  private List<String> labels(ModelCard card) throws ModelException {
    List<String> labels = new String(read(LABELS), StandardCharsets.UTF_8).strip().lines().toList();
    if (labels.size() != card.classes()) {
      throw new ModelException(
          "%s: %s has %d lines (expected: %d, one per class)"
              .formatted(place, LABELS, labels.size(), card.classes()));
    }
    return labels;
  }

  /**
   * Changes when a file of the model does, as far as names, sizes and times tell.
   *
   * @throws ModelException when the files cannot be looked at
   */
  public String stamp() throws ModelException {
    StringBuilder stamp = new StringBuilder(place).append(';');
    for (String file : FILES) {
      try {
        stamp.append(source.stamp(file));
      } catch (IOException e) {
        throw new ModelException("%s: %s is not readable: %s".formatted(place, file, e), e);
      }
    }
    return stamp.toString();
  }

  /**
   * Reads what the model shall say of some images.
   *
   * @return empty when nobody wrote it down
   * @throws ModelException when the file cannot be understood or is of other weights
   */
  public Optional<ModelProbes> probes() throws ModelException {
    try {
      ModelProbes probes = JSON.readValue(source.read(PROBES), ModelProbes.class);
      String digest = card().weightsDigest();
      if (!digest.equals(probes.weightsDigest())) {
        throw new ModelException(
            "%s: %s is of weights %s (expected: %s, the model's); delete it, and models switch writes another"
                .formatted(place, PROBES, probes.weightsDigest(), digest));
      }
      return Optional.of(probes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw new ModelException("%s: %s is not readable: %s".formatted(place, PROBES, e), e);
    }
  }

  /** Writes down what the model in a directory says of some images. */
  public static void writeProbes(Path directory, ModelProbes probes) throws IOException {
    // Not a temporary file of the JDK's: nobody but its owner may read those.
    Path fresh = directory.resolve(".probes-" + UUID.randomUUID());
    Files.writeString(fresh, JSON.writeValueAsString(probes) + "\n");
    Files.move(fresh, directory.resolve(PROBES), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Reads and checks the model.
   *
   * @throws ModelException when a file is missing, the weights are not those of the card, or a
   *     tensor is missing, cut off, of another shape or foreign
   */
  public Model load() throws ModelException {
    ModelCard card = card();
    byte[] bytes = read(WEIGHTS);
    String where = place + ": " + WEIGHTS;
    // Shapes first: their message says more than that some digest differs.
    Weights weights = Weights.of(card.network(), Safetensors.read(bytes, where), where);
    String digest = DigestUtils.sha256Hex(bytes);
    if (!digest.equals(card.weightsDigest())) {
      throw new ModelException(
          "%s: SHA-256 is %s (expected: %s); the file is damaged or another's"
              .formatted(where, digest, card.weightsDigest()));
    }
    return new Model(card, labels(card), weights);
  }

  /**
   * Writes a model. Its files are never mixed with those of the model that was there before: if
   * writing fails, that one stays as it is, and a reader that comes while one takes the other's
   * place fails.
   *
   * @param directory is replaced if it exists
   * @param card gets the digest of the weights as written
   */
  public static ModelCard write(
      Path directory,
      ModelCard card,
      List<String> labels,
      Map<String, Tensor> tensors,
      Safetensors.Precision precision)
      throws IOException {
    return write(directory, card, labels, Safetensors.write(tensors, precision));
  }

  /**
   * Writes a model whose weights are a file already, byte by byte as they are, so that their digest
   * stays the one under which they are published. Otherwise as above.
   *
   * @param weights have been checked; a safetensors file
   */
  public static ModelCard write(Path directory, ModelCard card, List<String> labels, byte[] weights)
      throws IOException {
    ModelCard complete = card.withWeightsDigest(DigestUtils.sha256Hex(weights));
    Path target = directory.toAbsolutePath();
    Path parent = Files.createDirectories(target.resolveSibling("."));
    // Not a temporary directory of the JDK's: nobody but its owner may read those.
    Path fresh = Files.createDirectory(parent.resolve(".model-" + UUID.randomUUID()));
    try {
      Files.write(fresh.resolve(WEIGHTS), weights);
      Files.writeString(fresh.resolve(LABELS), String.join("\n", labels) + "\n");
      Files.writeString(
          fresh.resolve(CARD),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(complete) + "\n");
      replace(target, fresh);
    } catch (IOException | RuntimeException e) {
      FileUtils.deleteDirectory(fresh.toFile());
      throw e;
    }
    return complete;
  }

  private static void replace(Path target, Path fresh) throws IOException {
    Path old = fresh.resolveSibling(fresh.getFileName() + ".old");
    boolean replaces = Files.exists(target);
    if (replaces) {
      Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (replaces) {
        Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
    if (replaces) {
      FileUtils.deleteDirectory(old.toFile());
    }
  }

  private byte[] read(String file) throws ModelException {
    try {
      return source.read(file);
    } catch (NoSuchFileException e) {
      throw new ModelException(
          "%s: %s is missing (expected: a model directory with %s, %s and %s)"
              .formatted(place, file, CARD, WEIGHTS, LABELS),
          e);
    } catch (IOException e) {
      throw new ModelException("%s: %s is not readable: %s".formatted(place, file, e), e);
    }
  }
}
