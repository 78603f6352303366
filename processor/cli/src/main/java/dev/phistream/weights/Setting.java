package dev.phistream.weights;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Padding;
import dev.phistream.model.WeightConventions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a network's weights are run: what a wrong guess gets wrong without any error.
 *
 * @param conventions padding and eps
 * @param preprocessing among it the normalisation
 * @param blueFirst whether the network takes blue, green, red
 */
public record Setting(
    WeightConventions conventions, Preprocessing preprocessing, boolean blueFirst) {
  private static final Preprocessing IMAGENET = Preprocessing.imagenet(1, 1);
  private static final List<List<List<Float>>> NORMALISATIONS =
      List.of(
          List.of(IMAGENET.mean(), IMAGENET.std()),
          List.of(same(0.5f), same(0.5f)),
          List.of(same(0), same(1)),
          List.of(same(0), same(1 / 255f)));

  /** Relative difference up to which two eps or normalisations are one. */
  private static final double CLOSE = 0.02;

  /** A part of a setting that can be wrong by itself. */
  public enum Aspect {
    /** Of convolutions. */
    PADDING("padding"),
    /** Of batch normalisation. */
    EPS("batch normalisation's eps"),
    /** Red or blue first. */
    CHANNELS("the order of the channels"),
    /** Mean and deviation. */
    NORMALISATION("normalisation");

    private final String label;

    Aspect(String label) {
      this.label = label;
    }

    /** For messages. */
    public String label() {
      return label;
    }
  }

  /** The settings that differ from this one in one aspect, or in padding and eps together. */
  List<Setting> neighbours() {
    List<Setting> neighbours = new ArrayList<>();
    Padding other = conventions.padding() == Padding.SAME ? Padding.SYMMETRIC : Padding.SAME;
    neighbours.add(with(new WeightConventions(other, conventions.bnEps())));
    for (double eps : new double[] {1e-3, 1e-5}) {
      if (Math.abs(eps / conventions.bnEps() - 1) > CLOSE) {
        neighbours.add(with(new WeightConventions(conventions.padding(), eps)));
        neighbours.add(with(new WeightConventions(other, eps)));
      }
    }
    neighbours.add(new Setting(conventions, preprocessing, !blueFirst));
    for (List<List<Float>> normalisation : NORMALISATIONS) {
      Setting neighbour =
          new Setting(
              conventions,
              preprocessing.normalised(normalisation.get(0), normalisation.get(1)),
              blueFirst);
      if (!neighbour.normalisedAs(this)) {
        neighbours.add(neighbour);
      }
    }
    return neighbours;
  }

  /** In what it differs from another. */
  public List<Aspect> differences(Setting other) {
    List<Aspect> differences = new ArrayList<>();
    if (conventions.padding() != other.conventions.padding()) {
      differences.add(Aspect.PADDING);
    }
    if (conventions.bnEps() != other.conventions.bnEps()) {
      differences.add(Aspect.EPS);
    }
    if (blueFirst != other.blueFirst) {
      differences.add(Aspect.CHANNELS);
    }
    if (!normalisedAs(other)) {
      differences.add(Aspect.NORMALISATION);
    }
    return differences;
  }

  /** An aspect as {@code models import} takes it. */
  public String option(Aspect aspect) {
    return switch (aspect) {
      case PADDING -> "--padding " + conventions.padding().name().toLowerCase(Locale.ROOT);
      case EPS -> "--bn-eps " + conventions.bnEps();
      case CHANNELS -> blueFirst ? "--bgr" : "without --bgr";
      case NORMALISATION ->
          "--mean %s --std %s".formatted(list(preprocessing.mean()), list(preprocessing.std()));
    };
  }

  private static String list(List<Float> values) {
    return String.join(
        ",", values.stream().map(value -> String.format(Locale.ROOT, "%.4g", value)).toList());
  }

  private Setting with(WeightConventions other) {
    return new Setting(other, preprocessing, blueFirst);
  }

  private boolean normalisedAs(Setting other) {
    for (int c = 0; c < 3; c++) {
      double std = other.preprocessing.std().get(c);
      boolean close =
          Math.abs(preprocessing.std().get(c) / std - 1) <= CLOSE
              && Math.abs(preprocessing.mean().get(c) - other.preprocessing.mean().get(c))
                  <= CLOSE * std;
      if (!close) {
        return false;
      }
    }
    return true;
  }

  private static List<Float> same(float value) {
    return List.of(value, value, value);
  }
}
