package dev.phistream.repository;

import dev.phistream.model.ModelException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/** Fetches published weight sets into a repository. */
public final class ModelPull {
  /** Where weight sets are published; {@code <source>/<id>/resolve/main/<file>}. */
  public static final String PUBLISHED = "https://huggingface.co/timm";

  private static final String WEIGHTS = "model.safetensors";
  private static final String CONFIG = "config.json";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final long MOST_CONFIG_BYTES = 1024 * 1024;

  /** The largest published EfficientNet, L2, has 1.9 GB. */
  private static final long MOST_WEIGHT_BYTES = Integer.MAX_VALUE - 8;

  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final ModelRepository repository;
  private final URI source;
  private final RetryPolicy retryPolicy;
  private final RetryPolicy.Sleeper sleeper;

  /**
   * Pulls from {@code source}.
   *
   * @param source http or https; a mirror has the same paths below it
   * @throws RepositoryException when it is no such address
   */
  public ModelPull(
      ModelRepository repository, URI source, RetryPolicy retryPolicy, RetryPolicy.Sleeper sleeper)
      throws RepositoryException {
    if (!SCHEMES.contains(String.valueOf(source.getScheme())) || source.getHost() == null) {
      throw new RepositoryException(
          "source: %s (expected: an address with http or https, such as %s)"
              .formatted(source, PUBLISHED));
    }
    this.repository = repository;
    this.source = source;
    this.retryPolicy = retryPolicy;
    this.sleeper = sleeper;
  }

  /**
   * What a user says of a weight set; null is for what is published.
   *
   * @param variant {@code b0} to {@code b7}, or {@code phi} and a number
   * @param sha256 that the weights must have; otherwise the one that the server names
   * @param labels names of the classes; otherwise ImageNet's
   * @param atTestSize whether images have the size of the test and not that of the training
   */
  public record PullOptions(
      @Nullable String variant,
      @Nullable String sha256,
      @Nullable List<String> labels,
      boolean atTestSize) {
    /** All as published. */
    public static final PullOptions NONE = new PullOptions(null, null, null);

    /** At the size of the training. */
    public PullOptions(
        @Nullable String variant, @Nullable String sha256, @Nullable List<String> labels) {
      this(variant, sha256, labels, false);
    }
  }

  /**
   * What was pulled.
   *
   * @param imported the model as it lies in the repository
   * @param comparedDigest SHA-256 that the weights were compared with, or null if nobody named one
   */
  public record Pulled(WeightImport.Imported imported, @Nullable String comparedDigest) {}

  /**
   * Pulls one. A pull that was interrupted goes on where it ended.
   *
   * @param id as it is published
   * @param options what the user says of it
   * @throws ModelException when what came are not the weights of the network
   * @throws RepositoryException when they cannot be fetched or kept, with what to do about it
   */
  public Pulled pull(String id, PullOptions options, PullListener listener)
      throws ModelException, RepositoryException, InterruptedException {
    ModelRepository.checkId(id);
    String sha256 = options.sha256();
    if (sha256 != null && !SHA256.matcher(sha256.toLowerCase(Locale.ROOT)).matches()) {
      throw new RepositoryException(
          "sha256: %s (expected: 64 hexadecimal digits)".formatted(sha256));
    }
    try (PullLock lock = PullLock.take(repository.downloads(id), id)) {
      PartialFile config = new PartialFile(lock.directory(), CONFIG);
      config.delete(); // small, and of the same moment as the weights
      fetch(id, CONFIG, config, null, listener);
      TimmConfig described = TimmConfig.parse(config.read(), address(id, CONFIG).toString());
      PartialFile part = new PartialFile(lock.directory(), WEIGHTS);
      String compared =
          fetch(
              id, WEIGHTS, part, sha256 == null ? null : sha256.toLowerCase(Locale.ROOT), listener);
      WeightImport.Imported imported = take(id, part, described, options);
      FileUtils.deleteQuietly(lock.directory().toFile());
      return new Pulled(imported, compared);
    }
  }

  private WeightImport.Imported take(
      String id, PartialFile part, TimmConfig config, PullOptions options)
      throws ModelException, RepositoryException {
    String address = address(id, WEIGHTS).toString();
    part.checkSpace(part.length());
    try {
      return new WeightImport(repository)
          .importBytes(part.read(), address, address, id, "", ImportOptions.of(config, options));
    } catch (ModelException e) {
      part.delete(); // fetching the rest of it would not help
      throw e;
    }
  }

  private @Nullable String fetch(
      String id, String file, PartialFile part, @Nullable String sha256, PullListener listener)
      throws RepositoryException, InterruptedException {
    URI address = address(id, file);
    try {
      long most = file.equals(CONFIG) ? MOST_CONFIG_BYTES : MOST_WEIGHT_BYTES;
      return new Download(address, part, most, retryPolicy, sleeper, listener).run(sha256);
    } catch (Download.UnreachedException e) {
      throw new RepositoryException(
          "%s cannot be reached: %s. Without network, fetch %s and %s by other means, copy them here and use: phistream models import %s --id %s --config %s"
              .formatted(
                  address, e.getMessage(), address(id, WEIGHTS), CONFIG, WEIGHTS, id, CONFIG),
          e);
    } catch (Download.RefusedException e) {
      throw new RepositoryException(refusal(id, address, e.status()), e);
    }
  }

  private static String refusal(String id, URI address, int status) {
    return switch (status) {
      case NOT_FOUND ->
          "%s: status 404; there is no %s (expected: one of phistream models list --available)"
              .formatted(address, id);
      case UNAUTHORISED, FORBIDDEN ->
          "%s: status %d; there is no %s, or it is not for everybody (expected: one of phistream models list --available)"
              .formatted(address, status, id);
      default ->
          "%s: status %d (expected: 200); is it the right address? --from URL names another"
              .formatted(address, status);
    };
  }

  private URI address(String id, String file) {
    return URI.create(
        source.toString().replaceFirst("/+$", "") + "/" + id + "/resolve/main/" + file);
  }
}
