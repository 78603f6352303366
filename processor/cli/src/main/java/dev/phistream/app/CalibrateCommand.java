package dev.phistream.app;

import dev.phistream.cascade.CascadeCurve;
import dev.phistream.cascade.CascadePoint;
import dev.phistream.cascade.Judgement;
import dev.phistream.cascade.Proportion;
import dev.phistream.cascade.Temperature;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.plot.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Fits a cascade of two models to labelled images. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description =
        "Find how sure a small model must be to answer instead of a large one, and print the"
            + " settings.",
    footer = {
      "",
      "Temperature and threshold are fitted on one half of the images; the figures at the end are"
          + " of the other half."
    })
final class CalibrateCommand implements Callable<Integer> {
  private static final int BATCH = 8;
  private static final double PER_POINT = 100;

  private final Console console;
  private final SyntheticImages drawn;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--small",
      paramLabel = "ID|DIR",
      required = true,
      description = "The model that is asked first.")
  private String smallName = "";

  @Option(
      names = "--large",
      paramLabel = "ID|DIR",
      required = true,
      description = "The model that is asked when the small one is not sure.")
  private String largeName = "";

  @ArgGroup(multiplicity = "1")
  private Images images = new Images();

  private static final class Images {
    @Option(
        names = "--images",
        paramLabel = "DIR",
        description = "Images in folders that have the names of their classes, or of --labels.")
    private @Nullable Path directory;

    @Option(
        names = "--synthetic",
        description = "Images that the program draws, for the bundled models.")
    private boolean synthetic;
  }

  @Option(
      names = "--labels",
      paramLabel = "CSV",
      description = "What the --images show: columns file and class_index, or label.")
  private @Nullable Path truth;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "16000",
      description = "How many --synthetic images (default: ${DEFAULT-VALUE}).")
  private int count = 16_000;

  @Option(
      names = "--within",
      paramLabel = "POINTS",
      defaultValue = "0.3",
      description =
          "Percentage points of accuracy that may be lost against the large model, for sure: at the"
              + " upper end of the 95 %% interval (default: ${DEFAULT-VALUE}).")
  private double within = 0.3;

  @Option(
      names = "--compute",
      paramLabel = "PERCENT",
      description =
          "Take the most accurate threshold that computes at most this much of what the large"
              + " model does, rather than the cheapest that loses no more than --within.")
  private @Nullable Double compute;

  @Option(
      names = "--tier",
      paramLabel = "T",
      defaultValue = "accuracy",
      description = "The tier that the settings are for (default: ${DEFAULT-VALUE}).")
  private String tier = "accuracy";

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw accuracy over compute, as .png or .svg.")
  private @Nullable Path plot;

  @Option(names = "--out", paramLabel = "FILE", description = "Write the settings there, as YAML.")
  private @Nullable Path out;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  CalibrateCommand(Console console, SyntheticImages drawn) {
    this.console = console;
    this.drawn = drawn;
  }

  /** The half that is fitted to and the half that is judged by. */
  private record Halves<T>(List<T> fit, List<T> heldOut) {}

  @Override
  public Integer call() throws CommandException, ModelException, InferenceException {
    checkUsage();
    Model small = repository.locator().find(smallName).load();
    Model large = repository.locator().find(largeName).load();
    double relative = compare(small, large);
    Halves<LabelledImage> halves = halves(small.labels());
    InferenceEngine started = Engines.start(engine.name(), 1);
    Halves<Judgement> judged = judge(started, small, large, halves);
    Temperature temperature = Temperature.fit(judged.fit());
    CascadeCurve fitted = new CascadeCurve(judged.fit(), temperature, relative);
    CascadeCurve heldOut = new CascadeCurve(judged.heldOut(), temperature, relative);
    Optional<CascadePoint> chosen = choose(fitted);
    console
        .out()
        .println(
            CascadeTable.text(
                "temperature %.4f: negative log-likelihood %.4f, without it %.4f",
                temperature.value(),
                temperature.meanNegativeLogLikelihood(judged.fit()),
                new Temperature(1).meanNegativeLogLikelihood(judged.fit())));
    if (chosen.isEmpty()) {
      new CascadeTable(fitted).print(console.out(), Double.NaN);
      throw new CommandException(refusal(judged.fit().size()));
    }
    // Upwards, so that rounding lets nothing pass that was not meant to.
    double threshold = Math.ceil(chosen.get().threshold() * 1e4) / 1e4;
    report(small, large, judged, fitted, heldOut, threshold);
    if (!CascadeCurve.saves(heldOut.at(threshold))) {
      throw new CommandException(
          CascadeTable.text(
              "--small %s, --large %s: the cascade computes %.1f %% of what %s alone does"
                  + " (expected: less than 100 %%; take a smaller model, or one that is sure more"
                  + " often)",
              smallName, largeName, 100 * heldOut.at(threshold).compute(), large.card().id()));
    }
    write(settings(small, large, threshold, temperature), heldOut, threshold);
    return 0;
  }

  private Optional<CascadePoint> choose(CascadeCurve fitted) {
    return compute == null
        ? fitted.choose(within / PER_POINT)
        : fitted
            .spend(compute / PER_POINT)
            .filter(point -> CascadeCurve.holds(point, within / PER_POINT));
  }

  private String refusal(int images) {
    String asked =
        compute == null
            ? "--within: " + within
            : "--compute: %s percent and --within: %s".formatted(compute, within);
    // So many images of which none is lost leave no more than that open: 0.975^(1/n) = 1 - within.
    double least = Math.log(0.025) / Math.log1p(-Math.min(within, 99) / PER_POINT);
    return within > 0 && images < least
        ? CascadeTable.text(
            "%s points: %d images are too few to tell (expected: at least %.0f for the fit, twice"
                + " that in all, or a larger --within)",
            asked, images, Math.ceil(least))
        : "%s points: no threshold on %d images loses so little for sure and saves compute (expected: a larger --within, more images or another pair of models)"
            .formatted(asked, images);
  }

  private void checkUsage() {
    if (truth != null && images.directory == null) {
      throw misuse("--labels: expected --images, not --synthetic");
    }
    if (plot != null) {
      try {
        var unused = Chart.Format.of(plot);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--plot: " + e.getMessage(), e);
      }
    }
    if (count < 2) {
      throw misuse("--count: %d (expected: >= 2)".formatted(count));
    }
    if (!(within >= 0)) {
      throw misuse("--within: %s (expected: >= 0)".formatted(within));
    }
    if (compute != null && !(compute > 0 && compute <= PER_POINT)) {
      throw misuse("--compute: %s (expected: above 0, at most 100)".formatted(compute));
    }
    if (!List.of("latency", "balanced", "accuracy").contains(tier)) {
      throw misuse("--tier: %s (expected: latency, balanced or accuracy)".formatted(tier));
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** What the small model computes of what the large one does. */
  private static double compare(Model small, Model large) throws CommandException {
    if (!small.labels().equals(large.labels())) {
      throw new CommandException(
          "models %s and %s: classes differ (expected: the same, in the same order)"
              .formatted(small.card().id(), large.card().id()));
    }
    double relative = (double) small.card().network().flops() / large.card().network().flops();
    if (relative >= 1) {
      throw new CommandException(
          "--small: %s computes no less than %s (expected: a smaller model)"
              .formatted(small.card().id(), large.card().id()));
    }
    return relative;
  }

  private Halves<LabelledImage> halves(List<String> labels) throws CommandException {
    Path directory = images.directory;
    if (images.synthetic || directory == null) {
      int half = count / 2;
      return new Halves<>(
          LabelledImage.synthetic(drawn, SyntheticImages.Purpose.CASCADE, half, labels),
          LabelledImage.synthetic(drawn, SyntheticImages.Purpose.CASCADE_HELD_OUT, half, labels));
    }
    List<LabelledImage> all =
        truth == null
            ? LabelledImage.in(directory, labels)
            : LabelledImage.in(directory, truth, labels);
    if (all.size() < 2) {
      throw new CommandException(directory + ": one image (expected: hundreds)");
    }
    return new Halves<>(everyOther(all, 0), everyOther(all, 1));
  }

  private static List<LabelledImage> everyOther(List<LabelledImage> all, int from) {
    return IntStream.range(0, all.size()).filter(i -> i % 2 == from).mapToObj(all::get).toList();
  }

  private Halves<Judgement> judge(
      InferenceEngine started, Model small, Model large, Halves<LabelledImage> halves)
      throws CommandException, ModelException, InferenceException {
    try (NetworkRunner smallRunner = started.load(small, Op.InputType.PIXELS, ComputeDevice.CPU);
        NetworkRunner largeRunner = started.load(large, Op.InputType.PIXELS, ComputeDevice.CPU);
        ProgressBar progress =
            console.progress("images", halves.fit().size() + halves.heldOut().size())) {
      Judge judge = new Judge(small, smallRunner, large, largeRunner);
      return new Halves<>(judge.all(halves.fit(), progress), judge.all(halves.heldOut(), progress));
    }
  }

  private record Judge(
      Model small, NetworkRunner smallRunner, Model large, NetworkRunner largeRunner) {
    List<Judgement> all(List<LabelledImage> images, ProgressBar progress)
        throws CommandException, InferenceException {
      ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
      Preprocessor forSmall = new Preprocessor(small.card().preprocessing());
      Preprocessor forLarge = new Preprocessor(large.card().preprocessing());
      List<Judgement> judged = new ArrayList<>();
      for (int from = 0; from < images.size(); from += BATCH) {
        List<LabelledImage> batch = images.subList(from, Math.min(from + BATCH, images.size()));
        List<Inputs> inputs =
            batch.parallelStream().map(p -> inputs(p, decoder, forSmall, forLarge)).toList();
        for (Inputs each : inputs) {
          if (each.failure() != null) {
            throw new CommandException(each.failure());
          }
        }
        List<float[]> one = smallRunner.logits(inputs.stream().map(Inputs::small).toList());
        List<float[]> other = largeRunner.logits(inputs.stream().map(Inputs::large).toList());
        for (int i = 0; i < batch.size(); i++) {
          int label = batch.get(i).label();
          judged.add(new Judgement(one.get(i), Judgement.best(other.get(i)) == label, label));
        }
        progress.stepBy(batch.size());
      }
      return judged;
    }
  }

  /** What both networks take, or why there is nothing. */
  private record Inputs(byte[] small, byte[] large, @Nullable String failure) {}

  private static Inputs inputs(
      LabelledImage image, ImageDecoder decoder, Preprocessor small, Preprocessor large) {
    try {
      var decoded = decoder.decode(image.content().read());
      return new Inputs(small.apply(decoded), large.apply(decoded), null);
    } catch (IOException | ImageException e) {
      return new Inputs(
          new byte[0],
          new byte[0],
          "%s: %s (expected: a readable image)".formatted(image.name(), e.getMessage()));
    }
  }

  private void report(
      Model small,
      Model large,
      Halves<Judgement> judged,
      CascadeCurve fitted,
      CascadeCurve heldOut,
      double threshold) {
    console.out().println();
    console.out().printf("on the %d images of the fit:%n", judged.fit().size());
    new CascadeTable(fitted).print(console.out(), threshold);
    CascadePoint point = heldOut.at(threshold);
    console.out().println();
    console.out().printf("on %d other images:%n", judged.heldOut().size());
    Columns columns =
        new Columns(
            console.out(), "model:24", "right:12", "accuracy:8", "95 % interval:16", "compute:8");
    row(columns, small.card().id(), heldOut.smallRight(), point.smallCompute());
    row(columns, large.card().id(), heldOut.largeRight(), 1);
    row(columns, "cascade", point.right(), point.compute());
    console
        .out()
        .println(
            CascadeTable.text(
                "%s answers %.1f %%; the cascade is %s points below %s alone (95 %% interval)",
                large.card().id(),
                100 * point.escalated(),
                CascadeTable.interval(point),
                large.card().id()));
    console.out().println();
  }

  private static void row(Columns columns, String model, Proportion right, double compute) {
    columns.print(
        model,
        "%d of %d".formatted(right.count(), right.of()),
        CascadeTable.percent(right.share()),
        CascadeTable.text("%.1f to %.1f %%", 100 * right.low(), 100 * right.high()),
        CascadeTable.percent(compute));
  }

  private String settings(Model small, Model large, double threshold, Temperature temperature) {
    return CascadeTable.text(
        """
        tiers:
          %s:
            variants: [%s]
            cascade:
              small: %s
              threshold: %.4f
              temperature: %.4f
        """,
        tier, large.card().variant(), small.card().variant(), threshold, temperature.value());
  }

  private void write(String settings, CascadeCurve heldOut, double threshold)
      throws CommandException {
    console.out().print(settings);
    console.out().flush();
    try {
      if (out != null) {
        Files.writeString(out, settings);
      }
      if (plot != null) {
        new CascadeTable(heldOut)
            .plot(
                "%s, and %s where it is not sure".formatted(smallName, largeName), threshold, plot);
      }
    } catch (IOException e) {
      throw new CommandException("%s: not writable: %s".formatted(out == null ? plot : out, e), e);
    }
  }
}
