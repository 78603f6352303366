package dev.phistream.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.phistream.model.ModelCard;
import dev.phistream.model.Network;
import dev.phistream.model.Scaling;
import dev.phistream.model.Stage;
import dev.phistream.model.Variants;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code models show} says of a network; as JSON, these are the fields.
 *
 * @param id as asked for
 * @param architecture the block table
 * @param parameters trained ones
 * @param flops multiply-adds of one image
 * @param resolution side of the input
 * @param width of the scaling
 * @param depth of the scaling
 * @param classes outputs
 * @param dropout part of the features that training leaves out
 * @param phi compound coefficient, if the network was asked for by it
 * @param stages from image to classifier
 * @param published figures of papers, if there are any
 * @param card of the model, if there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record NetworkReport(
    String id,
    String architecture,
    long parameters,
    long flops,
    int resolution,
    double width,
    double depth,
    int classes,
    double dropout,
    @Nullable Double phi,
    List<StageReport> stages,
    Variants.@Nullable Published published,
    @Nullable ModelCard card) {

  /**
   * A stage.
   *
   * @param blocks what it is made of, in the block tables' notation
   * @param channels of its output
   * @param side of its output
   */
  record StageReport(
      String name,
      String blocks,
      int repeats,
      int channels,
      int side,
      long parameters,
      long flops) {
    static StageReport of(Stage stage) {
      return new StageReport(
          stage.name(),
          stage.blocks(),
          stage.repeats(),
          stage.out().channels(),
          stage.out().side(),
          stage.parameters(),
          stage.flops());
    }
  }

  static NetworkReport ofVariant(Variants.Variant variant, int classes) {
    return of(
        variant.id(),
        variant.architecture().name(),
        variant.network(classes),
        variant.scaling(),
        variant.dropout(),
        null,
        variant.published(),
        null);
  }

  static NetworkReport ofScaled(Variants.Variant base, Scaling scaling, double phi, int classes) {
    return of(
        base.id(),
        base.architecture().name(),
        base.architecture().scaled(scaling, classes),
        scaling,
        base.dropout(),
        phi,
        null,
        null);
  }

  static NetworkReport ofModel(ModelCard card) {
    double dropout = Variants.find(card.variant()).map(Variants.Variant::dropout).orElse(0.0);
    return of(
        card.id(), card.architecture(), card.network(), card.scaling(), dropout, null, null, card);
  }

  private static NetworkReport of(
      String id,
      String architecture,
      Network network,
      Scaling scaling,
      double dropout,
      @Nullable Double phi,
      Variants.@Nullable Published published,
      @Nullable ModelCard card) {
    return new NetworkReport(
        id,
        architecture,
        network.parameters(),
        network.flops(),
        network.resolution(),
        scaling.width(),
        scaling.depth(),
        network.classes(),
        dropout,
        phi,
        network.stages().stream().map(StageReport::of).toList(),
        published,
        card);
  }

  /** Prints it for people. */
  void print(PrintWriter out) {
    line(out, "network", phi == null ? id : "%s at φ = %s".formatted(id, phi));
    line(out, "architecture", architecture);
    line(out, "parameters", grouped(parameters));
    line(out, "multiply-adds", grouped(flops));
    line(out, "resolution", resolution + " × " + resolution);
    line(out, "width, depth", String.format(Locale.ROOT, "%.4g, %.4g", width, depth));
    line(out, "classes", String.valueOf(classes));
    line(out, "dropout", String.valueOf(dropout));
    if (published != null) {
      String figures =
          String.format(
              Locale.ROOT,
              "%s parameters, %.4g B multiply-adds",
              grouped(published.parameters()),
              published.flops() / 1e9);
      Double topOne = published.topOne();
      line(out, "published", topOne == null ? figures : figures + ", top-1 " + topOne + " %");
    }
    if (card != null) {
      line(out, "weights", "SHA-256 " + card.weightsDigest());
      line(
          out,
          "trained with",
          card.conventions().padding() + " padding, bnEps " + card.conventions().bnEps());
    }
    out.println();
    Columns table =
        new Columns(
            out,
            "stage:10",
            "blocks:22",
            "repeats:7",
            "channels:8",
            "side:4",
            "parameters:12",
            "multiply-adds:15");
    for (StageReport stage : stages) {
      table.print(
          stage.name(),
          stage.blocks(),
          String.valueOf(stage.repeats()),
          String.valueOf(stage.channels()),
          String.valueOf(stage.side()),
          grouped(stage.parameters()),
          grouped(stage.flops()));
    }
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf(Locale.ROOT, "%-16s%s%n", name, value);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
