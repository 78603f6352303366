package dev.phistream.app;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.Calibration;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.Safetensors;
import dev.phistream.repository.ModelRepository;
import dev.phistream.repository.RepositoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a model that is computed with 8-bit integers. */
@Command(
    name = "quantize",
    mixinStandardHelpOptions = true,
    description =
        "Find the ranges of a model's values and keep it as one of 8-bit integers, for engine onnxruntime on a CPU.",
    footer = {
      "",
      "Labels change for some images: compare accuracies on your own before serving it.",
      "Small networks become slower; docs/models/int8.md has figures."
    })
final class ModelsQuantizeCommand implements Callable<Integer> {
  private static final String SYNTHETIC = "synthetic";

  private final Console console;
  private final SyntheticImages drawn;

  @Parameters(paramLabel = "ID|DIR", description = "A model's id or directory.")
  private String name = "";

  @Option(
      names = "--images",
      paramLabel = "DIR|" + SYNTHETIC,
      required = true,
      description =
          "Images such as the model will see, or images that the program draws for the bundled models.")
  private String images = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "300",
      description = "How many of them, the first by name (default: ${DEFAULT-VALUE}).")
  private int count = 300;

  @Option(
      names = "--out",
      paramLabel = "ID",
      required = true,
      description = "The new model's id in the repository; replaces a model of this id.")
  private String out = "";

  @Mixin private RepositoryOption repository = new RepositoryOption();

  ModelsQuantizeCommand(Console console, SyntheticImages drawn) {
    this.console = console;
    this.drawn = drawn;
  }

  @Override
  public Integer call() throws CommandException, ModelException, RepositoryException {
    if (count < 1) {
      throw new CommandException("--count: %d (expected: >= 1)".formatted(count));
    }
    Path target = repository.repository().path(ModelRepository.checkId(out));
    Model model = repository.locator().find(name).load();
    if (model.card().quantization() != null) {
      throw new CommandException(
          "model %s: precision int8 (expected: a model of floats)".formatted(name));
    }
    ModelCard card = model.card().quantized(out, Calibration.of(model, images(model)));
    try {
      card =
          ModelDirectory.write(
              target, card, model.labels(), model.weights().tensors(), Safetensors.Precision.F32);
    } catch (IOException e) {
      throw new CommandException("%s: not writable: %s".formatted(target, e), e);
    }
    console.out().println(ModelLine.of(card, target));
    return 0;
  }

  private List<byte[]> images(Model model) throws CommandException {
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    Preprocessor preprocessor = new Preprocessor(model.card().preprocessing());
    List<byte[]> images = new ArrayList<>();
    List<Source> sources = sources();
    try (ProgressBar progress = console.progress("images", sources.size())) {
      for (Source source : sources) {
        try {
          images.add(preprocessor.apply(decoder.decode(source.read())));
        } catch (IOException | ImageException e) {
          throw new CommandException(
              "%s: %s (expected: a readable image)".formatted(source, e.getMessage()), e);
        }
        progress.step();
      }
    }
    return images;
  }

  private List<Source> sources() throws CommandException {
    if (images.equals(SYNTHETIC)) {
      return LongStream.range(0, count)
          .mapToObj(
              i ->
                  new Source(
                      SYNTHETIC + " " + i,
                      () -> drawn.jpeg(SyntheticImages.Purpose.CALIBRATION, i)))
          .toList();
    }
    return ImageFiles.in(List.of(Path.of(images))).files().stream()
        .limit(count)
        .map(file -> new Source(file.toString(), () -> Files.readAllBytes(file)))
        .toList();
  }

  /** An image file that is not read yet. */
  private record Source(String name, Content content) {
    byte[] read() throws IOException {
      return content.read();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private interface Content {
    byte[] read() throws IOException;
  }
}
