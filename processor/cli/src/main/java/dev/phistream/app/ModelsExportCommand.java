package dev.phistream.app;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelExport;
import dev.phistream.model.OnnxFormat;
import dev.phistream.model.Op;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a model for other tools. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Write a model for other tools, as ONNX or for MXNet.",
    footer = {
      "",
      "onnx writes ID.onnx, or FILE if its name ends with .onnx.",
      "mxnet writes ID-symbol.json and ID-0000.params."
    })
final class ModelsExportCommand implements Callable<Integer> {
  /** File formats. */
  enum Format {
    /** One file. */
    ONNX,
    /** Symbol and parameters. */
    MXNET
  }

  private final Console console;

  @Parameters(paramLabel = "ID|DIR", description = "A model's id or directory.")
  private String name = "";

  @Option(names = "--format", required = true, description = "${COMPLETION-CANDIDATES}.")
  private Format format = Format.ONNX;

  @Option(
      names = "--out",
      paramLabel = "DIR|FILE",
      required = true,
      description = "Where to write; what is there by the same name is replaced.")
  private Path out = Path.of(".");

  @Option(
      names = "--input",
      defaultValue = "PIXELS",
      description = "What the network takes: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Op.InputType input = Op.InputType.PIXELS;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  ModelsExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, ModelException {
    Model model = repository.locator().find(name).load();
    for (Path file : write(model)) {
      console.out().println(file);
    }
    int side = model.card().network().resolution();
    console
        .out()
        .printf(
            "input   %s: N×3×%d×%d %s%n",
            OnnxFormat.INPUT, side, side, layout(model.card().preprocessing()));
    console
        .out()
        .printf(
            "output  %s: N×%d float32, before softmax%n",
            format == Format.ONNX ? OnnxFormat.OUTPUT : "the only one", model.card().classes());
    return 0;
  }

  private List<Path> write(Model model) throws CommandException, ModelException {
    try {
      return switch (format) {
        case ONNX -> ModelExport.onnx(model, input, out);
        case MXNET -> ModelExport.mxnet(model, input, out);
      };
    } catch (IOException e) {
      throw new CommandException(out + ": not writable: " + e, e);
    }
  }

  private String layout(Preprocessing preprocessing) {
    return switch (input) {
      case PIXELS -> "uint8, planes red, green, blue, values 0 to 255";
      case NORMALISED ->
          "float32, planes red, green, blue, (value / 255 - mean) / std with mean %s and std %s"
              .formatted(preprocessing.mean(), preprocessing.std());
    };
  }
}
