package dev.phistream.training;

import static dev.phistream.training.ReportCharts.percent;
import static dev.phistream.training.ReportCharts.text;

import dev.phistream.training.Evaluation.ClassResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The report of a training as one HTML page that needs no network and no script. */
public final class ReportPage {
  private static final String STYLE = "/training/report.css";
  private static final int WORST = 24;
  private static final int MOST_MATRIX = 40;
  private static final int MOST_PAIRS = 30;
  private static final int MOST_FINDINGS = 100;
  private static final int THRESHOLDS = 50;

  private final TransferResult result;
  private final Evaluation served;
  private final StringBuilder page = new StringBuilder();

  private ReportPage(TransferResult result) {
    this.result = result;
    this.served = result.served();
  }

  /** Writes the page; reads the worst images once more. */
  public static String of(TransferResult result) {
    ReportPage report = new ReportPage(result);
    report.write();
    return report.page.toString();
  }

  private void write() {
    String id = text(result.card().id());
    add("<!doctype html><html lang='en'><head><meta charset='utf-8'>");
    add("<meta name='viewport' content='width=device-width, initial-scale=1'>");
    add("<meta name='color-scheme' content='light dark'>");
    add("<title>Training report: %s</title><style>%s</style></head><body><main>", id, style());
    add(
        "<header><p class='kicker'>Training report</p><h1>%s</h1><p class='lead'>%s</p></header>",
        id, lead());
    tiles();
    next();
    findings();
    curves();
    classes();
    confusion();
    calibration();
    unknown();
    worst();
    done();
    add("</main></body></html>\n");
  }

  private String lead() {
    return text(
        "%d classes, learnt from %d images on top of %s (%s). Measured on %d images that nothing was learnt from or chosen by, with the model as it is served."
            .formatted(
                result.data().classes().size(),
                result.data().of(Split.TRAIN).size() + result.data().of(Split.TUNE).size(),
                result.base().id(),
                result.stages().size() == 1
                    ? "the classifier is new, the rest stayed as it was"
                    : "stages %s learnt".formatted(String.join(", ", result.stages())),
                served.images().size()));
  }

  private void tiles() {
    Evaluation.Share top = served.top(1);
    add("<section class='tiles'>");
    tile(percent(top.value()), "right at first guess", interval(top));
    if (result.data().classes().size() > 5) {
      Evaluation.Share five = served.top(5);
      tile(percent(five.value()), "right among the first five", interval(five));
    }
    tile(
        percent(served.calibrationError()),
        "calibration error",
        "before: %s, temperature %.2f"
            .formatted(percent(uncalibrated().calibrationError()), result.temperature()));
    tile(
        String.format(Locale.ROOT, "%.2f", result.threshold()),
        "threshold for unknown",
        "%s of the answers reach it"
            .formatted(percent(served.answered(result.threshold()).value())));
    double seconds = result.phases().stream().mapToDouble(TransferResult.Phase::seconds).sum();
    tile(duration(seconds), "in all", "%d images read".formatted(result.data().read()));
    add("</section>");
  }

  private void tile(String value, String name, String detail) {
    add(
        "<div><b>%s</b><span>%s</span><small>%s</small></div>",
        text(value), text(name), text(detail));
  }

  private static String interval(Evaluation.Share share) {
    return "95 %% interval: %s to %s, %d of %d images"
        .formatted(percent(share.low()), percent(share.high()), share.hits(), share.of());
  }

  private Evaluation uncalibrated() {
    return served.at(1 / result.temperature());
  }

  private void next() {
    String id = result.card().id();
    section("Next");
    add("<p>Try the model on images, then let processors that serve an alias switch to it:</p>");
    add(
        "<pre>./phistream classify PATH --model %s\n./phistream models switch ALIAS %s</pre>",
        text(id), text(id));
    end();
  }

  private void findings() {
    section("What was found in the images");
    List<Finding> findings = result.findings();
    if (findings.isEmpty()) {
      add(
          "<p>Nothing: every image was readable, none stood in both splits, no label looks"
              + " wrong.</p>");
    } else {
      add(
          "<div class='scroll'><table><thead><tr><th>kind<th>image or"
              + " class<th>what</thead><tbody>");
      for (Finding finding : findings.subList(0, Math.min(MOST_FINDINGS, findings.size()))) {
        add(
            "<tr><td><span class='tag'>%s</span><td><code>%s</code><td>%s",
            finding.kind().label(), text(finding.image()), text(finding.detail()));
      }
      add("</tbody></table></div>");
      if (findings.size() > MOST_FINDINGS) {
        add("<p class='note'>… and %d more.</p>", findings.size() - MOST_FINDINGS);
      }
    }
    end();
  }

  private void curves() {
    section("Learning");
    add("<div class='grid2'>");
    if (!result.head().isEmpty()) {
      curves("The classifier alone", result.head(), "not learnt from (cross-validation)");
    }
    if (!result.fineTune().isEmpty()) {
      curves("Fine-tuning", result.fineTune(), "images that choose the epoch");
    }
    add("</div>");
    if (result.best() >= 0) {
      add(
          "<p class='note'>Epoch %d of the fine-tuning was kept: the lowest loss on images that"
              + " choose. Accuracy on the images learnt from is that of augmented views, so that it"
              + " may lie below the other.</p>",
          result.best() + 1);
    }
    end();
  }

  private void curves(String title, List<Epoch> epochs, String other) {
    double[] x = IntStream.rangeClosed(1, epochs.size()).asDoubleStream().toArray();
    double most =
        epochs.stream()
            .mapToDouble(e -> Math.max(e.loss(), Double.isNaN(e.tuneLoss()) ? 0 : e.tuneLoss()))
            .max()
            .orElse(1);
    double least =
        epochs.stream()
            .mapToDouble(
                e -> Math.min(e.accuracy(), Double.isNaN(e.tuneAccuracy()) ? 1 : e.tuneAccuracy()))
            .min()
            .orElse(0);
    int last = Math.max(2, epochs.size());
    figure(
        title + ": loss",
        ReportCharts.lines(
            new ReportCharts.Frame(title + ", loss", "epoch", 1, last, 0, most * 1.05, false),
            List.of(
                line("learnt from", "a", x, epochs, Epoch::loss),
                line(other, "b", x, epochs, Epoch::tuneLoss))));
    figure(
        title + ": accuracy",
        ReportCharts.lines(
            new ReportCharts.Frame(
                title + ", accuracy", "epoch", 1, last, Math.floor(least * 10) / 10, 1, true),
            List.of(
                line("learnt from", "a", x, epochs, Epoch::accuracy),
                line(other, "b", x, epochs, Epoch::tuneAccuracy))));
  }

  private static ReportCharts.Line line(
      String name, String style, double[] x, List<Epoch> epochs, ToDoubleFunction<Epoch> value) {
    return new ReportCharts.Line(name, style, x, epochs.stream().mapToDouble(value).toArray());
  }

  private void figure(String caption, String chart) {
    add("<figure>").raw(chart).add("<figcaption>%s</figcaption></figure>", text(caption));
  }

  private void classes() {
    section("Classes");
    add(
        "<div class='scroll'><table class='numbers'><thead><tr><th>class<th>to learn"
            + " from<th>measured on<th>found<th>called so rightly<th>F1<th></thead><tbody>");
    int[] learnt = new int[result.data().classes().size()];
    result.data().images().stream()
        .filter(image -> image.split() != Split.VALIDATION)
        .forEach(image -> learnt[image.label()]++);
    List<ClassResult> classes = served.perClass();
    List<Integer> order =
        IntStream.range(0, classes.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> classes.get(i).f1()))
            .toList();
    for (int i : order) {
      ClassResult line = classes.get(i);
      add(
          "<tr><td>%s<td>%d<td>%d<td>%s<td>%s<td>%s<td><span class='meter'><i"
              + " style='width:%s%%'></i></span>",
          text(line.name()),
          learnt[i],
          line.images(),
          percent(line.recall()),
          percent(line.precision()),
          String.format(Locale.ROOT, "%.3f", line.f1()),
          String.format(Locale.ROOT, "%.0f", 100 * line.f1()));
    }
    add("</tbody></table></div>");
    add(
        "<p class='note'>Worst first. Found: part of the class's images that were called so"
            + " (recall). Called so rightly: part of what was called so (precision).</p>");
    end();
  }

  private void confusion() {
    section("What is taken for what");
    int[][] counts = served.confusion();
    List<String> classes = served.classes();
    if (classes.size() <= MOST_MATRIX) {
      matrix(counts, classes);
    } else {
      pairs(counts, classes);
    }
    end();
  }

  private void matrix(int[][] counts, List<String> classes) {
    add("<div class='scroll'><table class='matrix'><thead><tr><th>is ↓ called →");
    classes.forEach(name -> add("<th><span>%s</span>", text(name)));
    add("</thead><tbody>");
    for (int row = 0; row < counts.length; row++) {
      int of = IntStream.of(counts[row]).sum();
      add("<tr><th>%s", text(classes.get(row)));
      for (int column = 0; column < counts.length; column++) {
        int count = counts[row][column];
        double share = of == 0 ? 0 : (double) count / of;
        add(
            "<td class='%s' style='--s:%s'>%s",
            row == column ? "hit" : count > 0 ? "miss" : "none",
            String.format(Locale.ROOT, "%.0f%%", count == 0 ? 0 : 15 + 85 * share),
            count == 0 ? "" : String.valueOf(count));
      }
    }
    add("</tbody></table></div>");
  }

  private void pairs(int[][] counts, List<String> classes) {
    record Pair(int is, int called, int count) {}
    List<Pair> pairs = new ArrayList<>();
    for (int row = 0; row < counts.length; row++) {
      for (int column = 0; column < counts.length; column++) {
        if (row != column && counts[row][column] > 0) {
          pairs.add(new Pair(row, column, counts[row][column]));
        }
      }
    }
    pairs.sort(Comparator.comparingInt(Pair::count).reversed());
    add("<table class='numbers'><thead><tr><th>is<th>called<th>images</thead><tbody>");
    for (Pair pair : pairs.subList(0, Math.min(MOST_PAIRS, pairs.size()))) {
      add(
          "<tr><td>%s<td>%s<td>%d",
          text(classes.get(pair.is())), text(classes.get(pair.called())), pair.count());
    }
    add("</tbody></table>");
  }

  private void calibration() {
    section("What scores mean");
    add("<div class='grid2'>");
    figure(
        "Before: calibration error " + percent(uncalibrated().calibrationError()),
        ReportCharts.reliability("reliability before", uncalibrated().calibration()));
    figure(
        "As served: calibration error " + percent(served.calibrationError()),
        ReportCharts.reliability("reliability as served", served.calibration()));
    add("</div>");
    add(
        "<p class='note'>Bars show how often answers with such a score are right; on the line,"
            + " scores mean what they say. Pale bars stand for few images. The classifier was"
            + " divided by the temperature %s, fitted on %d images that were not learnt from;"
            + " processors answer with the scores on the right.</p>",
        String.format(Locale.ROOT, "%.3f", result.temperature()), result.chosen().images().size());
    end();
  }

  private void unknown() {
    section("When to say unknown");
    double[] x = new double[THRESHOLDS + 1];
    double[] answered = new double[x.length];
    double[] right = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (double) i / THRESHOLDS;
      answered[i] = served.answered(x[i]).value();
      Evaluation.Share above = served.rightAbove(x[i]);
      right[i] = above.of() == 0 ? Double.NaN : above.value();
    }
    double[] at = {result.threshold(), result.threshold()};
    add("<div class='grid2'>");
    figure(
        "Answers by threshold",
        ReportCharts.lines(
            new ReportCharts.Frame("answers by threshold", "threshold", 0, 1, 0, 1, true),
            List.of(
                new ReportCharts.Line("answered", "a", x, answered),
                new ReportCharts.Line("right, of those answered", "b", x, right),
                new ReportCharts.Line("threshold", "c", at, new double[] {0, 1}))));
    Evaluation.Share kept = served.answered(result.threshold());
    Evaluation.Share good = served.rightAbove(result.threshold());
    add(
        "<div><p>At <b>%s</b>, %s of the answers stand, and %s of those are right. The threshold"
            + " keeps 95 %% of the right answers on the images that it was chosen by.</p>",
        String.format(Locale.ROOT, "%.3f", result.threshold()),
        percent(kept.value()),
        percent(good.value()));
    add(
        "<p>It is in the model's card as <code>unknownThreshold</code>. Images of other things than"
            + " these classes were not measured.</p></div></div>");
    end();
  }

  private void worst() {
    List<Judged> worst = served.worst(WORST).stream().filter(image -> !image.right()).toList();
    section("The worst mistakes");
    if (worst.isEmpty()) {
      add("<p>None: every validation image was right.</p>");
    }
    Thumbnails thumbnails = new Thumbnails();
    add("<div class='shots'>");
    for (Judged image : worst) {
      add(
          "<figure><img alt='' src='%s' width='144' height='144'><figcaption><b>%s</b> called"
              + " <b>%s</b> (%s)<small>%s</small></figcaption></figure>",
          thumbnails.of(image.image().file()),
          text(served.classes().get(image.image().label())),
          text(served.classes().get(image.best())),
          String.format(Locale.ROOT, "%.2f", image.score()),
          text(image.image().file().name()));
    }
    add("</div>");
    end();
  }

  private void done() {
    section("What was done");
    add("<table class='numbers'><thead><tr><th>work<th>result<th>time</thead><tbody>");
    for (TransferResult.Phase phase : result.phases()) {
      add(
          "<tr><td>%s<td>%s<td>%s",
          text(phase.name()), text(phase.detail()), duration(phase.seconds()));
    }
    add("</tbody></table><table class='facts'><tbody>");
    Map<String, Object> facts = result.card().facts() == null ? Map.of() : result.card().facts();
    facts.forEach(
        (name, value) ->
            add("<tr><th>%s<td><code>%s</code>", text(name), text(String.valueOf(value))));
    add("<tr><th>weightsDigest<td><code>%s</code>", result.card().weightsDigest());
    add("</tbody></table>");
    end();
  }

  private void section(String title) {
    add("<section><h2>%s</h2>", text(title));
  }

  private void end() {
    add("</section>");
  }

  private static String duration(double seconds) {
    return seconds < 120
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(Locale.ROOT, "%d min %02d s", (int) seconds / 60, (int) seconds % 60);
  }

  private static String style() {
    try (InputStream in = ReportPage.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException(STYLE + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // page texts have no values and keep their %
  private ReportPage add(String format, Object... values) {
    page.append(values.length == 0 ? format.replace("%%", "%") : format.formatted(values));
    return this;
  }

  private ReportPage raw(String markup) {
    page.append(markup);
    return this;
  }
}
