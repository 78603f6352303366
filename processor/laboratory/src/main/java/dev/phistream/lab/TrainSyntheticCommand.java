package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.Console;
import dev.phistream.drawing.ContactSheet;
import dev.phistream.drawing.SampleImages;
import dev.phistream.drawing.SyntheticTraining;
import dev.phistream.drawing.TrainingOptions;
import dev.phistream.inference.InferenceException;
import dev.phistream.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains on images that the program draws. */
@Command(
    name = "synthetic",
    mixinStandardHelpOptions = true,
    description =
        "Train an EfficientNet on images that this program draws; the bundled models were.",
    footer = {
      "",
      "The defaults train the most accurate bundled model, for half an hour or more.",
      "An interrupted training leaves the best model so far in its directory."
    })
final class TrainSyntheticCommand implements Callable<Integer> {
  private static final Pattern PHI_ID = Pattern.compile("phi(-?\\d+(?:\\.\\d+)?)");

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--variant",
      paramLabel = "ID",
      defaultValue = "phi-7",
      description = "What to call the model (default: ${DEFAULT-VALUE}).")
  private String variant = "phi-7";

  @Option(
      names = "--phi",
      paramLabel = "N",
      description = "Compound coefficient of the network (default: the number in the ID).")
  private @Nullable Double phi;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "22",
      description = "Passes over the images (default: ${DEFAULT-VALUE}).")
  private int epochs = 22;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Images to draw for training (default: ${DEFAULT-VALUE}).")
  private int images = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of images, first weights and order (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the model goes (default: models/ID).")
  private @Nullable Path out;

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "Go on from this model, of the same network, with a lower rate.")
  private @Nullable Path start;

  @Option(
      names = "--samples",
      paramLabel = "DIR",
      description = "Train nothing; write the sample images.")
  private @Nullable Path samples;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "Train nothing; write one JPEG with four images of each class.")
  private @Nullable Path sheet;

  TrainSyntheticCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, ModelException, InferenceException {
    if (samples != null || sheet != null) {
      writeImages(samples, sheet);
      return 0;
    }
    Path directory = out == null ? Path.of("models", variant) : out;
    TrainingOptions options = options(directory);
    try (TrainingProgress progress = new TrainingProgress(console, options.epochs())) {
      new SyntheticTraining(options, progress).run();
    } catch (IOException e) {
      throw new CommandException(directory + ": not writable: " + e, e);
    }
    console.out().println(directory);
    return 0;
  }

  private TrainingOptions options(Path directory) {
    Double coefficient = phi;
    if (coefficient == null) {
      var id = PHI_ID.matcher(variant);
      if (!id.matches()) {
        throw new ParameterException(
            spec.commandLine(),
            "--variant: %s without --phi (expected: an ID such as phi-7, or --phi N)"
                .formatted(variant));
      }
      coefficient = Double.valueOf(id.group(1));
    }
    try {
      return new TrainingOptions(variant, coefficient, epochs, images, seed, directory, start);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private static void writeImages(@Nullable Path samples, @Nullable Path sheet)
      throws CommandException {
    try {
      if (samples != null) {
        SampleImages.write(samples);
      }
      if (sheet != null) {
        ContactSheet.write(sheet);
      }
    } catch (IOException e) {
      throw new CommandException("images: not writable: " + e, e);
    }
  }
}
