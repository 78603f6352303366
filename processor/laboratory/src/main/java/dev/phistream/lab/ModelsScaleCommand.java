package dev.phistream.lab;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.phistream.app.CommandException;
import dev.phistream.app.Console;
import dev.phistream.drawing.Accuracy;
import dev.phistream.drawing.ScalingSearch;
import dev.phistream.drawing.ShortTraining;
import dev.phistream.inference.InferenceException;
import dev.phistream.model.Architecture;
import dev.phistream.model.ModelException;
import dev.phistream.model.Scaling;
import dev.phistream.model.ScalingGrid;
import dev.phistream.plot.Chart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The grid search for the bases of compound scaling. */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description =
        "Search α, β, γ >= 1 under α·β²·γ² ≈ 2 as the EfficientNet paper does: multiply-adds are"
            + " counted, accuracy comes from short trainings on drawn images.")
final class ModelsScaleCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--base",
      paramLabel = "NAME",
      defaultValue = "efficientnet",
      description =
          "efficientnet, mobilenet_v1, mobilenet_v2, resnet50 or resnet152 (default:"
              + " ${DEFAULT-VALUE}).")
  private String base = "efficientnet";

  @Option(
      names = "--width",
      defaultValue = "0.35",
      description = "Width of the base network (default: ${DEFAULT-VALUE}, to train quickly).")
  private double width = 0.35;

  @Option(
      names = "--depth",
      defaultValue = "0.5",
      description = "Depth of the base network (default: ${DEFAULT-VALUE}).")
  private double depth = 0.5;

  @Option(
      names = "--resolution",
      defaultValue = "40",
      description = "Input side of the base network (default: ${DEFAULT-VALUE}).")
  private int resolution = 40;

  @Option(
      names = "--phi",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Coefficient at which candidates are compared (default: ${DEFAULT-VALUE}; repeats round"
              + " up, so that small steps of α may change nothing).")
  private double phi = 1;

  @Option(
      names = "--step",
      defaultValue = "0.2",
      description = "Step of the grid (default: ${DEFAULT-VALUE}).")
  private double step = 0.2;

  @Option(
      names = "--tolerance",
      defaultValue = "0.1",
      description = "How far α·β²·γ² may be from 2 (default: ${DEFAULT-VALUE}).")
  private double tolerance = 0.1;

  @Option(names = "--no-train", description = "Only count multiply-adds.")
  private boolean noTrain;

  @Option(
      names = "--images",
      defaultValue = "3000",
      description = "Images to learn from (default: ${DEFAULT-VALUE}).")
  private int images = 3000;

  @Option(
      names = "--test-images",
      defaultValue = "1000",
      description = "Images that measure the accuracy (default: ${DEFAULT-VALUE}).")
  private int testImages = 1000;

  @Option(
      names = "--epochs",
      defaultValue = "7",
      description = "Passes over the images (default: ${DEFAULT-VALUE}).")
  private int epochs = 7;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of images, weights and order (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--minutes",
      defaultValue = "10",
      description =
          "No training begins that would end later than this after the first (default:"
              + " ${DEFAULT-VALUE}).")
  private double minutes = 10;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Write a plot, .svg or .png; may be given more than once.")
  private List<Path> plots = List.of();

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  ModelsScaleCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, ModelException, InferenceException, IOException {
    ScalingSearch search;
    List<ScalingSearch.Candidate> candidates;
    ShortTraining.Options options;
    try {
      plots.forEach(Chart.Format::of);
      if (!(Math.abs(phi) <= 20)) {
        throw new IllegalArgumentException("phi: " + phi + " (expected: -20 to 20)");
      }
      if (!(minutes > 0)) {
        throw new IllegalArgumentException("minutes: " + minutes + " (expected: > 0)");
      }
      search =
          new ScalingSearch(Architecture.named(base), new Scaling(width, depth, resolution), phi);
      candidates = search.candidates(new ScalingGrid(step, tolerance));
      options = new ShortTraining.Options(images, testImages, epochs, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
    if (candidates.isEmpty()) {
      throw new CommandException(
          "no α, β, γ in steps of %s have α·β²·γ² within %s of 2 (expected: a smaller --step or a larger --tolerance)"
              .formatted(step, tolerance));
    }
    ScalingReport report =
        noTrain ? counted(search, candidates) : trained(search, candidates, options);
    if (json) {
      console
          .out()
          .println(
              JsonMapper.builder()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .build()
                  .writeValueAsString(report));
    } else {
      report.print(console.out());
    }
    for (Path plot : plots) {
      write(report.chart(), plot);
    }
    return 0;
  }

  private ScalingReport counted(ScalingSearch search, List<ScalingSearch.Candidate> candidates) {
    long flops = search.baseline().network().flops();
    return new ScalingReport(
        base,
        phi,
        null,
        ScalingReport.Row.of(search.baseline(), flops, null),
        candidates.stream().map(each -> ScalingReport.Row.of(each, flops, null)).toList());
  }

  private ScalingReport trained(
      ScalingSearch search, List<ScalingSearch.Candidate> candidates, ShortTraining.Options options)
      throws ModelException, InferenceException, IOException {
    console.err().printf("drawing %d images%n", images + testImages);
    ShortTraining training = new ShortTraining(options);
    Accuracy unscaled = training.train(search.architecture(), search.base());
    List<ScalingSearch.Result> results =
        search.train(
            candidates, training, Duration.ofMillis((long) (60_000 * minutes)), new Progress());
    long flops = search.baseline().network().flops();
    return new ScalingReport(
        base,
        phi,
        options,
        ScalingReport.Row.of(search.baseline(), flops, unscaled),
        results.stream()
            .map(result -> ScalingReport.Row.of(result.candidate(), flops, result.accuracy()))
            .toList());
  }

  private static void write(Chart chart, Path file) throws CommandException {
    try {
      chart.write(file);
    } catch (IOException e) {
      throw new CommandException(file + ": not writable: " + e, e);
    }
  }

  /** Says what was trained, line by line. */
  private final class Progress implements ScalingSearch.Listener {
    private int done;
    private int all;

    @Override
    public void begin(int networks, Duration estimate) {
      all = networks;
      console
          .err()
          .printf(
              Locale.ROOT,
              "%d different networks to train, about %.1f minutes (limit: %s)%n",
              networks,
              estimate.toMillis() / 60_000.0,
              minutes);
    }

    @Override
    public void trained(ScalingSearch.Candidate candidate, Accuracy accuracy) {
      done++;
      console
          .err()
          .printf(
              Locale.ROOT,
              "%d/%d  %s  %.1f %%%n",
              done,
              all,
              bases(candidate),
              100 * accuracy.share());
    }

    @Override
    public void leftOut(ScalingSearch.Candidate candidate) {
      console.err().printf("left out: %s; the time is up%n", bases(candidate));
    }

    private static String bases(ScalingSearch.Candidate candidate) {
      return String.format(
          Locale.ROOT,
          "α %.2f, β %.2f, γ %.2f",
          candidate.bases().alpha(),
          candidate.bases().beta(),
          candidate.bases().gamma());
    }
  }
}
