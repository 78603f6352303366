package dev.phistream.app;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.DeviceChoice;
import dev.phistream.inference.DeviceException;
import dev.phistream.inference.Engines;
import dev.phistream.inference.GpuSettings;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Tensor;
import dev.phistream.pipeline.Labels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Labels images without Kafka. */
@Command(
    name = "classify",
    mixinStandardHelpOptions = true,
    description = "Label images without Kafka: a table on a terminal, else JSON lines.")
final class ClassifyCommand implements Callable<Integer> {
  private static final int BATCH = 8;
  private static final String MOST_ACCURATE = "phi-7";

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "PATH", description = "Images, or folders of images.")
  private List<Path> paths = List.of();

  @Option(
      names = "--model",
      paramLabel = "ID|DIR",
      defaultValue = MOST_ACCURATE,
      description = "A model's id or directory (default: ${DEFAULT-VALUE}).")
  private String modelName = MOST_ACCURATE;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--device",
      paramLabel = "D",
      split = ",",
      defaultValue = "auto",
      description =
          "auto, cpu, gpu or gpu:N; of several GPUs the first computes (default:"
              + " ${DEFAULT-VALUE}).")
  private List<String> device = List.of("auto");

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "5",
      description = "Labels per image (default: ${DEFAULT-VALUE}).")
  private int top = 5;

  @Option(names = "--json", description = "JSON lines also on a terminal.")
  private boolean json;

  @Option(
      names = "--labels",
      paramLabel = "CSV",
      description =
          "What the images show: columns file and class_index, or label. Prints how many labels are"
              + " right.")
  private @Nullable Path truth;

  @Option(names = "--logits", description = "Add the network's outputs before softmax.")
  private boolean withLogits;

  @Option(
      names = "--dump",
      paramLabel = "FILE",
      description = "Write the network's inputs, uint8 3×H×W by file name, as safetensors.")
  private @Nullable Path dump;

  @Option(
      names = "--tensor",
      paramLabel = "FILE",
      description =
          "Instead of images, take the tensor 'input' (N×3×H×W float32, normalised) of a"
              + " safetensors file.")
  private @Nullable Path tensorFile;

  ClassifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws CommandException, DeviceException, ModelException, InferenceException {
    DeviceChoice choice = checkUsage();
    Model model = repository.locator().find(modelName).load();
    boolean pixels = tensorFile == null;
    InferenceEngine started = Engines.start(engine.name(), 1, GpuSettings.upTo(BATCH));
    ComputeDevice place = choice.resolve(started).get(0);
    try (NetworkRunner runner =
        started.load(model, pixels ? Op.InputType.PIXELS : Op.InputType.NORMALISED, place)) {
      ClassifyOutput output =
          new ClassifyOutput(
              console,
              json || !console.interactive(),
              withLogits,
              engine.name(),
              model,
              new Labels(model.labels()),
              top,
              truth == null ? null : TrueLabels.read(truth, model.labels()));
      return pixels ? images(model, runner, output) : tensor(model, runner, output);
    }
  }

  private DeviceChoice checkUsage() {
    if ((tensorFile == null) == paths.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "classify: expected either PATHs or --tensor FILE");
    }
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top: " + top + " (expected: >= 1)");
    }
    if (dump != null && tensorFile != null) {
      throw new ParameterException(spec.commandLine(), "--dump: expected images, not --tensor");
    }
    if (truth != null && tensorFile != null) {
      throw new ParameterException(spec.commandLine(), "--labels: expected images, not --tensor");
    }
    try {
      return DeviceChoice.parse(device);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  /** A image ready for the network, or why it is not. */
  private record Prepared(
      Path file, byte @Nullable [] input, ClassifyOutput.@Nullable Failure failure) {}

  private int images(Model model, NetworkRunner runner, ClassifyOutput output)
      throws CommandException, InferenceException {
    List<Path> files = ImageFiles.in(paths).files();
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    Preprocessor preprocessor = new Preprocessor(model.card().preprocessing());
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    boolean failed = false;
    try (ProgressBar progress = console.progress("classify", files.size())) {
      for (int from = 0; from < files.size(); from += BATCH) {
        List<Prepared> batch =
            files.subList(from, Math.min(from + BATCH, files.size())).parallelStream()
                .map(file -> prepare(file, decoder, preprocessor))
                .toList();
        List<byte[]> good = new ArrayList<>();
        for (Prepared image : batch) {
          if (image.input() != null) {
            good.add(image.input());
          }
        }
        List<float[]> logits = good.isEmpty() ? List.of() : runner.logits(good);
        int next = 0;
        for (Prepared image : batch) {
          String name = image.file().toString();
          if (image.failure() != null) {
            failed = true;
            output.failed(name, image.failure());
          } else {
            failed |= !output.labelled(name, logits.get(next));
            if (dump != null) {
              inputs.put(name, pixels(good.get(next), model.card().preprocessing().size()));
            }
            next++;
          }
        }
        progress.stepBy(batch.size());
      }
    }
    output.finish();
    if (dump != null) {
      write(dump, inputs);
    }
    return failed ? 1 : 0;
  }

  private int tensor(Model model, NetworkRunner runner, ClassifyOutput output)
      throws CommandException, ModelException, InferenceException {
    Path file = tensorFile;
    if (file == null) {
      throw new IllegalStateException("--tensor is not given");
    }
    Tensor input = read(file);
    int size = model.card().preprocessing().size();
    List<Integer> shape = input.shape();
    if (shape.size() != 4 || !shape.subList(1, 4).equals(List.of(3, size, size))) {
      throw new CommandException(
          "%s: tensor input has shape %s (expected: [N, 3, %d, %d], as model %s wants)"
              .formatted(file, shape, size, size, model.card().id()));
    }
    int values = 3 * size * size;
    boolean failed = false;
    for (int from = 0; from < shape.get(0); from += BATCH) {
      List<byte[]> batch =
          IntStream.range(from, Math.min(from + BATCH, shape.get(0)))
              .mapToObj(i -> floats(input.values(), i * values, values))
              .toList();
      int row = from;
      for (float[] logits : runner.logits(batch)) {
        failed |= !output.labelled(file + "#" + row++, logits);
      }
    }
    output.finish();
    return failed ? 1 : 0;
  }

  private static Prepared prepare(Path file, ImageDecoder decoder, Preprocessor preprocessor) {
    try {
      return new Prepared(file, preprocessor.apply(decoder.decode(Files.readAllBytes(file))), null);
    } catch (IOException e) {
      return new Prepared(
          file, null, new ClassifyOutput.Failure("file-unreadable", "not readable: " + e));
    } catch (ImageException e) {
      return new Prepared(
          file, null, new ClassifyOutput.Failure(e.code().id(), String.valueOf(e.getMessage())));
    }
  }

  private static Tensor read(Path file) throws CommandException, ModelException {
    try {
      Tensor input = Safetensors.read(file).get("input");
      if (input == null) {
        throw new CommandException(
            file + ": no tensor named input (expected: N×3×H×W float32, normalised)");
      }
      return input;
    } catch (IOException e) {
      throw new CommandException(file + ": not readable: " + e, e);
    }
  }

  private static void write(Path file, Map<String, Tensor> inputs) throws CommandException {
    try {
      Files.write(file, Safetensors.write(inputs, Safetensors.Precision.U8));
    } catch (IOException e) {
      throw new CommandException(file + ": not writable: " + e, e);
    }
  }

  private static Tensor pixels(byte[] input, int size) {
    float[] values = new float[input.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = input[i] & 0xff;
    }
    return new Tensor(List.of(3, size, size), values);
  }

  private static byte[] floats(float[] values, int from, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(values, from, count);
    return bytes.array();
  }
}
