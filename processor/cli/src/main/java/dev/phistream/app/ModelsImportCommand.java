package dev.phistream.app;

import dev.phistream.image.Interpolation;
import dev.phistream.image.ResizeMode;
import dev.phistream.model.ModelException;
import dev.phistream.model.Padding;
import dev.phistream.repository.ClassNames;
import dev.phistream.repository.ImportOptions;
import dev.phistream.repository.ModelRepository;
import dev.phistream.repository.RepositoryException;
import dev.phistream.repository.TimmConfig;
import dev.phistream.repository.WeightImport;
import dev.phistream.weights.WeightReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a local file of weights into the repository. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Check weights and keep them in the repository, ready to be served; other programs' are"
            + " converted.",
    footer = {
      "",
      "What is not given comes from config.json, the published set of the id or the file's name,",
      "or the usual values; what was assumed is printed."
    })
final class ModelsImportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Parameters(
      paramLabel = "FILE",
      description =
          "Weights: safetensors (timm, transformers), .pth (torchvision, EfficientNet-PyTorch), .h5"
              + " or .keras, or .tflite.")
  private Path file = Path.of("");

  @Option(
      names = "--id",
      paramLabel = "NAME",
      required = true,
      description = "The model's id; replaces a model of this id.")
  private String id = "";

  @Option(
      names = "--variant",
      paramLabel = "V",
      description =
          "The network: b0 to b7, phi-7 for φ = −7, mobilenet_v1, mobilenet_v2, resnet50 or"
              + " resnet152; its name, with width and size where they are not the published ones,"
              + " is the one it is served under.")
  private @Nullable String variant;

  @Option(
      names = "--width",
      paramLabel = "W",
      description = "Multiplies the network's channels, such as 0.25 (default: the tensors').")
  private @Nullable Double width;

  @Option(
      names = "--depth",
      paramLabel = "D",
      description = "Multiplies the blocks of each stage (default: the network's own).")
  private @Nullable Double depth;

  @Option(
      names = "--padding",
      paramLabel = "P",
      description = "same (TensorFlow's) or symmetric (PyTorch's).")
  private @Nullable Padding padding;

  @Option(
      names = "--bn-eps",
      paramLabel = "E",
      description = "Added to variances by batch normalisation, such as 1e-3 or 1e-5.")
  private @Nullable Double bnEps;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Class names, one a line, or CSV with index,name (default: ImageNet-1k for 1000"
              + " classes).")
  private @Nullable Path labels;

  @Option(names = "--config", paramLabel = "FILE", description = "The weights' config.json.")
  private @Nullable Path config;

  @Option(names = "--size", paramLabel = "N", description = "Side of the input, in pixels.")
  private @Nullable Integer size;

  @Option(
      names = "--crop",
      paramLabel = "F",
      description = "Part of the resized short edge that the crop keeps, such as 0.875.")
  private @Nullable Double crop;

  @Option(
      names = "--mean",
      paramLabel = "R,G,B",
      split = ",",
      description = "Means of the channels, in units of 0 to 1.")
  private @Nullable List<Float> mean;

  @Option(
      names = "--std",
      paramLabel = "R,G,B",
      split = ",",
      description = "Standard deviations of the channels, in units of 0 to 1.")
  private @Nullable List<Float> std;

  @Option(
      names = "--interpolation",
      paramLabel = "I",
      description = "Filter of the resize: bicubic or bilinear (default: bicubic).")
  private @Nullable Interpolation interpolation;

  @Option(
      names = "--squash",
      description = "Resize both edges to the same length instead of cutting the long one.")
  private boolean squash;

  @Option(
      names = "--bgr",
      description =
          "The network takes blue first, as OpenCV reads images: exchange the channels of its first"
              + " convolution.")
  private boolean blueFirst;

  @Option(
      names = "--at-test-size",
      description =
          "Take size and crop of the test, not of the training, where config.json or the catalogue"
              + " has both: more accurate, slower.")
  private boolean atTestSize;

  ModelsImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, ModelException, RepositoryException {
    ModelRepository target = repository.repository();
    ModelRepository.checkId(id);
    ImportOptions options = options();
    Optional<WeightReader.ForeignWeights> foreign =
        blueFirst
            ? Optional.of(WeightReader.readBlueFirst(file, options))
            : WeightReader.read(file, options);
    WeightImport into = new WeightImport(target);
    WeightImport.Imported imported =
        foreign.isPresent()
            ? into.importTensors(foreign.get().tensors(), file, id, options, foreign.get().hints())
            : into.importFile(file, id, options);
    imported.notes().forEach(note -> console.err().println("note: " + note));
    console.out().println(ModelLine.of(imported.card(), target.path(id)));
    return 0;
  }

  private ImportOptions options() throws CommandException, ModelException, RepositoryException {
    return new ImportOptions(
        variant,
        width,
        depth,
        padding,
        bnEps,
        labels == null ? null : ClassNames.read(labels),
        config == null ? null : read(config),
        size,
        crop,
        mean,
        std,
        interpolation,
        squash ? ResizeMode.SQUASH : null,
        atTestSize);
  }

  private static TimmConfig read(Path file) throws CommandException, ModelException {
    try {
      return TimmConfig.parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new CommandException("%s: not readable: %s".formatted(file, e), e);
    }
  }
}
