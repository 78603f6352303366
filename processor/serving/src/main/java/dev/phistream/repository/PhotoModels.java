package dev.phistream.repository;

import dev.phistream.model.BoundedFile;
import dev.phistream.model.ModelException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/**
 * Three published MobileNets that label photographs, one for each tier, fastest first. They come
 * from a folder or a mirror once; from then on they lie in the repository, and no network is
 * needed.
 */
public final class PhotoModels {
  /** Their ids, which are also the names of their files without {@code .safetensors}. */
  public static final List<String> IDS =
      List.of("mobilenet_v1_0.25_128", "mobilenet_v1_0.5_160", "mobilenet_v2_1.0_224");

  private static final String SUFFIX = ".safetensors";

  private final ModelRepository repository;
  private final RetryPolicy retryPolicy;
  private final RetryPolicy.Sleeper sleeper;

  /** Keeps them in {@code repository}. */
  public PhotoModels(
      ModelRepository repository, RetryPolicy retryPolicy, RetryPolicy.Sleeper sleeper) {
    this.repository = repository;
    this.retryPolicy = retryPolicy;
    this.sleeper = sleeper;
  }

  /**
   * Brings those that are missing into the repository. What a download that broke off has brought
   * is kept for the next one.
   *
   * @param from a folder with their files, or the address of one
   * @throws RepositoryException when one is missing, with the files that are and where to put them
   * @throws ModelException when a file is not the network that its name says
   */
  public void ensure(Optional<String> from, PullListener listener)
      throws RepositoryException, ModelException, InterruptedException {
    List<String> missing = IDS.stream().filter(id -> !repository.has(id)).toList();
    if (missing.isEmpty()) {
      return;
    }
    if (from.isEmpty()) {
      throw new RepositoryException(
          "models for photographs: %s not in %s (expected: put %s into a folder and use --models-from FOLDER, or --models-from URL of a mirror that has them)"
              .formatted(String.join(", ", missing), repository.directory(), files(missing)));
    }
    boolean remote = from.get().startsWith("http://") || from.get().startsWith("https://");
    if (!remote) {
      Path folder = Path.of(from.get());
      List<String> absent = new ArrayList<>(missing);
      absent.removeIf(id -> Files.exists(folder.resolve(id + SUFFIX)));
      if (!absent.isEmpty()) {
        throw new RepositoryException(
            "--models-from: %s lacks %s (expected: these files there, as published)"
                .formatted(folder, files(absent)));
      }
    }
    for (String id : missing) {
      if (remote) {
        pull(URI.create(from.get().replaceFirst("/+$", "") + "/" + id + SUFFIX), id, listener);
      } else {
        take(Path.of(from.get()).resolve(id + SUFFIX), id);
      }
    }
  }

  private void pull(URI address, String id, PullListener listener)
      throws RepositoryException, ModelException, InterruptedException {
    try (PullLock lock = PullLock.take(repository.downloads(id), id)) {
      PartialFile part = new PartialFile(lock.directory(), id + SUFFIX);
      try {
        var unused =
            new Download(address, part, BoundedFile.mostWeights(), retryPolicy, sleeper, listener)
                .run(null);
      } catch (Download.UnreachedException e) {
        throw new RepositoryException(
            "%s cannot be reached: %s. Without network, put %s into a folder and use --models-from FOLDER"
                .formatted(address, e.getMessage(), files(IDS)),
            e);
      } catch (Download.RefusedException e) {
        throw new RepositoryException(
            "%s: status %d (expected: 200; --models-from URL with %s below it)"
                .formatted(address, e.status(), files(IDS)),
            e);
      }
      Path file = lock.directory().resolve(id + SUFFIX);
      try {
        Files.move(part.path(), file, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw ModelRepository.unwritable(file, e);
      }
      take(file, id);
      FileUtils.deleteQuietly(lock.directory().toFile());
    }
  }

  private void take(Path file, String id) throws RepositoryException, ModelException {
    var unused = new WeightImport(repository).importFile(file, id, ImportOptions.NONE);
  }

  private static String files(List<String> ids) {
    return ids.stream().map(id -> id + SUFFIX).collect(Collectors.joining(", "));
  }
}
