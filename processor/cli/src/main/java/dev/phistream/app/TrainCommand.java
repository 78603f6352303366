package dev.phistream.app;

import dev.phistream.inference.InferenceException;
import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.Scaling;
import dev.phistream.model.Variants;
import dev.phistream.repository.ModelRepository;
import dev.phistream.repository.RepositoryException;
import dev.phistream.training.Base;
import dev.phistream.training.Evaluation;
import dev.phistream.training.Finding;
import dev.phistream.training.Listing;
import dev.phistream.training.ReportPage;
import dev.phistream.training.TrainingException;
import dev.phistream.training.Transfer;
import dev.phistream.training.TransferOptions;
import dev.phistream.training.TransferResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a model of a user's own classes. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Make a model of your own classes from your own images, on top of a trained model.",
      "DIR has a folder of images for each class, or train and val folders that have those;",
      "or it is a CSV file with columns file, label and perhaps split."
    },
    footer = {
      "",
      "The model's directory holds report.html. Serve the model with models switch.",
      "See docs/models/transfer.md."
    })
public final class TrainCommand implements Callable<Integer> {
  private static final String RANDOM = "random";
  private static final String FALLBACK = "phi-7";
  private static final int IMAGENET_CLASSES = 1000;
  private static final int SHOWN = 5;
  private static final Pattern PHI = Pattern.compile("phi(-?\\d+(?:\\.\\d+)?)");

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "DIR", description = "The images.")
  private @Nullable Path place;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description =
          "The model to begin with: an id, an alias or a directory; random for initial weights"
              + " (default: the only one in the repository with 1000 classes, else phi-7).")
  private @Nullable String from;

  @Option(
      names = "--out",
      paramLabel = "ID",
      description = "What to call the model (default: the name of DIR).")
  private @Nullable String out;

  @Option(
      names = "--variant",
      paramLabel = "V",
      description =
          "The variant that the model serves (default: the base model's); with --from random, the"
              + " network.")
  private @Nullable String variant;

  @Option(
      names = "--unfreeze",
      paramLabel = "STAGES",
      defaultValue = "0",
      description =
          "Fine-tune so many stages below the classifier, or all (default: ${DEFAULT-VALUE}, the"
              + " classifier alone).")
  private String unfreeze = "0";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "12",
      description = "Passes over the images when fine-tuning (default: ${DEFAULT-VALUE}).")
  private int epochs = 12;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "Instead of --epochs: as many as take about so long.")
  private @Nullable Double minutes;

  @Option(
      names = "--validation",
      paramLabel = "PART",
      defaultValue = "0.2",
      description =
          "Part of the images to measure on, where DIR does not say which (default:"
              + " ${DEFAULT-VALUE}).")
  private double validation = 0.2;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "0.0003",
      description =
          "Highest learning rate of the stages below the classifier (default: ${DEFAULT-VALUE}).")
  private float rate = 3e-4f;

  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      defaultValue = "0",
      description = "Mix images when fine-tuning; 0.2 is usual (default: ${DEFAULT-VALUE}, not).")
  private double mixup;

  @Option(
      names = "--augment",
      paramLabel = "0..10",
      defaultValue = "5",
      description = "Strength of RandAugment when fine-tuning (default: ${DEFAULT-VALUE}).")
  private double magnitude = 5;

  @Option(
      names = "--no-mirror",
      description = "Mirrored images show something else: letters, left and right.")
  private boolean noMirror;

  @Option(names = "--no-balance", description = "Frequent classes count more than rare ones.")
  private boolean noBalance;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of everything that is drawn (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--resume", description = "Go on with a fine-tuning that was interrupted.")
  private boolean resume;

  /** A command that writes to a console. */
  public TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws CommandException,
          TrainingException,
          ModelException,
          RepositoryException,
          InferenceException,
          InterruptedException {
    Path images = place;
    if (images == null) {
      throw new ParameterException(
          spec.commandLine(), "train: DIR is missing (expected: a folder of images)");
    }
    Path whole = images.toAbsolutePath().normalize();
    String id =
        ModelRepository.checkId(
            out != null ? out : name(whole).replaceAll("[^A-Za-z0-9._-]+", "-"));
    ModelRepository models = repository.repository();
    Base base = base(models, id);
    TransferOptions options = options(id, models);
    Listing listing = Listing.of(images);
    if (!listing.passedOver().isEmpty()) {
      console
          .err()
          .printf(
              Locale.ROOT,
              "found: not images by their names: %d, such as %s%n",
              listing.passedOver().size(),
              listing.passedOver().get(0));
    }
    TransferResult result;
    Path report;
    try (TransferProgress progress = new TransferProgress(console)) {
      result = new Transfer(options, progress).run(listing, base);
      report = result.directory().resolve("report.html");
      Files.writeString(report, ReportPage.of(result));
    } catch (IOException e) {
      throw new CommandException(
          "%s: cannot be written: %s (expected: room, and a writable directory)"
              .formatted(models.directory(), e),
          e);
    }
    print(result, report);
    return 0;
  }

  private static String name(Path place) {
    String name = String.valueOf(place.getFileName());
    return name.toLowerCase(Locale.ROOT).endsWith(".csv")
        ? name.substring(0, name.length() - 4)
        : name;
  }

  private TransferOptions options(String id, ModelRepository models) {
    int stages;
    try {
      stages = unfreeze.equals("all") ? Integer.MAX_VALUE - 1 : Integer.parseInt(unfreeze);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(), "--unfreeze: %s (expected: a number, or all)".formatted(unfreeze), e);
    }
    try {
      return new TransferOptions(
          id,
          RANDOM.equals(from) ? null : variant,
          models.directory(),
          stages,
          epochs,
          minutes,
          validation,
          !noMirror,
          !noBalance,
          mixup,
          magnitude,
          rate,
          seed,
          resume,
          "./phistream " + String.join(" ", spec.commandLine().getParseResult().originalArgs()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private Base base(ModelRepository models, String id)
      throws CommandException, ModelException, RepositoryException {
    if (RANDOM.equals(from)) {
      return untrained();
    }
    String name = from != null ? from : standard(models);
    if (name.equals(id)) {
      throw new CommandException(
          "--out: %s is the base model's name (expected: another)".formatted(id));
    }
    return Base.of(repository.locator().find(name).load());
  }

  private Base untrained() throws ModelException {
    String network = variant == null ? FALLBACK : variant;
    Optional<Variants.Variant> known = Variants.find(network);
    if (known.isPresent()) {
      return Base.untrained(network, known.get().architecture(), known.get().scaling(), seed);
    }
    Matcher phi = PHI.matcher(network);
    if (!phi.matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--variant: %s (expected: one of %s, or phi and a number such as phi-7)"
              .formatted(
                  network,
                  String.join(", ", Variants.ALL.stream().map(Variants.Variant::id).toList())));
    }
    Scaling scaling = CompoundScaling.EFFICIENT_NET.at(Double.parseDouble(phi.group(1)));
    return Base.untrained(network, Architecture.EFFICIENT_NET, scaling, seed);
  }

  /** The only published model of the repository, if there is just one. */
  private String standard(ModelRepository models) throws CommandException, RepositoryException {
    List<String> published = new ArrayList<>();
    for (String candidate : models.ids()) {
      try {
        ModelCard card = models.model(candidate).card();
        if (card.classes() == IMAGENET_CLASSES && card.quantization() == null) {
          published.add(candidate);
        }
      } catch (ModelException e) {
        console.err().println("note: " + e.getMessage());
      }
    }
    if (published.size() > 1) {
      throw new CommandException(
          "--from: several models could be the base (expected: one of %s)"
              .formatted(String.join(", ", published)));
    }
    if (published.isEmpty()) {
      console
          .err()
          .printf(
              "note: begins with the bundled %s, which knows drawings only; photographs need models"
                  + " pull or models import first%n",
              FALLBACK);
      return FALLBACK;
    }
    console.err().printf("base: %s%n", published.get(0));
    return published.get(0);
  }

  private void print(TransferResult result, Path report) {
    List<Finding> findings = result.findings();
    for (Finding finding : findings.subList(0, Math.min(SHOWN, findings.size()))) {
      console
          .err()
          .printf("%s: %s: %s%n", finding.kind().label(), finding.image(), finding.detail());
    }
    if (findings.size() > SHOWN) {
      console.err().printf("… and %d more, in the report%n", findings.size() - SHOWN);
    }
    Evaluation.Share top = result.served().top(1);
    console
        .err()
        .printf(
            Locale.ROOT,
            "validation: %.1f %% of %d images right (95 %% interval: %.1f to %.1f %%)%n",
            100 * top.value(),
            top.of(),
            100 * top.low(),
            100 * top.high());
    console.err().println("report: " + report);
    console.out().println(ModelLine.of(result.card(), result.directory()));
  }
}
