package dev.phistream.app;

import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.repository.ClassNames;
import dev.phistream.repository.ModelPull;
import dev.phistream.repository.ModelRepository;
import dev.phistream.repository.RepositoryException;
import dev.phistream.repository.RetryPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fetches published weights. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    description = {
      "Fetch published weights, check them and keep them in the repository.",
      "A pull that was interrupted goes on where it ended."
    })
final class ModelsPullCommand implements Callable<Integer> {
  private final Console console;
  private final RetryPolicy.Sleeper sleeper;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Parameters(
      paramLabel = "ID",
      arity = "1..*",
      description =
          "Weight sets, such as tf_efficientnet_b0.ns_jft_in1k; models list --available names"
              + " them.")
  private List<String> ids = List.of();

  @Option(
      names = "--from",
      paramLabel = "URL",
      defaultValue = "${env:PHISTREAM_MODEL_SOURCE:-" + ModelPull.PUBLISHED + "}",
      description =
          "Where they come from, URL/ID/resolve/main/FILE (default: PHISTREAM_MODEL_SOURCE, else "
              + ModelPull.PUBLISHED
              + ").")
  private URI source = URI.create(ModelPull.PUBLISHED);

  @Option(
      names = "--variant",
      paramLabel = "V",
      description =
          "The network: b0 to b7, or phi-7 for φ = −7 (default: the one in the ID or the tensors).")
  private @Nullable String variant;

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description = "Digest that the weights must have (default: the one that the server names).")
  private @Nullable String sha256;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Class names, one a line, or CSV with index,name (default: ImageNet-1k for 1000"
              + " classes).")
  private @Nullable Path labels;

  @Option(names = "--force", description = "Fetch it again even if it is there and whole.")
  private boolean force;

  @Option(
      names = "--at-test-size",
      description = "Take size and crop of the test, not of the training: more accurate, slower.")
  private boolean atTestSize;

  ModelsPullCommand(Console console) {
    this(console, RetryPolicy.Sleeper.REAL);
  }

  ModelsPullCommand(Console console, RetryPolicy.Sleeper sleeper) {
    this.console = console;
    this.sleeper = sleeper;
  }

  @Override
  public Integer call() throws RepositoryException, InterruptedException {
    if (sha256 != null && ids.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--sha256: given for %d IDs (expected: one ID)".formatted(ids.size()));
    }
    List<String> names = labels == null ? null : ClassNames.read(labels);
    ModelRepository target = repository.repository();
    ModelPull pull = new ModelPull(target, source, RetryPolicy.DEFAULT, sleeper);
    boolean failed = false;
    for (String id : ids) {
      try {
        pull(pull, target, id, new ModelPull.PullOptions(variant, sha256, names, atTestSize));
      } catch (RepositoryException | ModelException e) {
        failed = true;
        console.err().println("phistream: " + e.getMessage());
      }
    }
    return failed ? 1 : 0;
  }

  private void pull(
      ModelPull pull, ModelRepository target, String id, ModelPull.PullOptions options)
      throws RepositoryException, ModelException, InterruptedException {
    Optional<ModelCard> there = force ? Optional.empty() : whole(target, id);
    if (there.isPresent()) {
      console.err().println("note: %s is there already; --force fetches it again".formatted(id));
      console.out().println(ModelLine.of(there.get(), target.path(id)));
      return;
    }
    ModelPull.Pulled pulled;
    try (PullProgress progress = new PullProgress(console)) {
      pulled = pull.pull(id, options, progress);
    }
    pulled.imported().notes().forEach(note -> console.err().println("note: " + note));
    if (pulled.comparedDigest() == null) {
      console
          .err()
          .println(
              "note: SHA-256 is %s, compared with nothing: the server names none, and --sha256 was not given"
                  .formatted(pulled.imported().card().weightsDigest()));
    }
    console.out().println(ModelLine.of(pulled.imported().card(), target.path(id)));
  }

  private static Optional<ModelCard> whole(ModelRepository target, String id) {
    try {
      return target.has(id) ? Optional.of(target.model(id).load().card()) : Optional.empty();
    } catch (ModelException e) {
      return Optional.empty(); // damaged: fetch it again
    }
  }
}
