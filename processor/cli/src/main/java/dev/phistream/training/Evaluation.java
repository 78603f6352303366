package dev.phistream.training;

import dev.phistream.cascade.Judgement;
import dev.phistream.cascade.Temperature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a network's answers on labelled images come to.
 *
 * @param classes names of the classes
 * @param images the answers
 */
public record Evaluation(List<String> classes, List<Judged> images) {
  private static final double Z = 1.959964; // of 95 %
  private static final int BINS = 10;

  /** Copies the lists. */
  public Evaluation {
    classes = List.copyOf(classes);
    images = List.copyOf(images);
  }

  /**
   * A part of the images with its confidence interval (Wilson's, 95 %).
   *
   * @param hits images that have it
   * @param of all of them
   */
  public record Share(int hits, int of) {
    /** The part itself; 0 of no images. */
    public double value() {
      return of == 0 ? 0 : (double) hits / of;
    }

    /** The lower end of the interval. */
    public double low() {
      return of == 0 ? 0 : centre() - half();
    }

    /** The upper end of the interval. */
    public double high() {
      return of == 0 ? 1 : centre() + half();
    }

    private double centre() {
      return (value() + Z * Z / (2 * of)) / (1 + Z * Z / of);
    }

    private double half() {
      double p = value();
      return Z * Math.sqrt(p * (1 - p) / of + Z * Z / (4.0 * of * of)) / (1 + Z * Z / of);
    }
  }

  /**
   * How a class fares.
   *
   * @param name of the class
   * @param images that show it
   * @param recalled of them, how many were called so
   * @param called images that were called so
   */
  public record ClassResult(String name, int images, int recalled, int called) {
    /** Part of what was called so that is so; NaN if nothing was. */
    public double precision() {
      return (double) recalled / called;
    }

    /** Part of what is so that was called so; NaN if there is none. */
    public double recall() {
      return (double) recalled / images;
    }

    /** Harmonic mean of both; 0 where either is 0 or unknown. */
    public double f1() {
      return images + called == 0 ? 0 : 2.0 * recalled / (images + called);
    }
  }

  /**
   * Images whose score lies in one tenth.
   *
   * @param low lower end of the scores
   * @param count images
   * @param score their mean score
   * @param right part of them that is right
   */
  public record Bin(double low, int count, double score, double right) {}

  /** How many have the right class among the best {@code k}. */
  public Share top(int k) {
    return new Share(
        (int) images.stream().filter(image -> image.rank() < k).count(), images.size());
  }

  /** Images by class (rows) and best class (columns). */
  public int[][] confusion() {
    int[][] counts = new int[classes.size()][classes.size()];
    images.forEach(image -> counts[image.image().label()][image.best()]++);
    return counts;
  }

  /** Each class. */
  public List<ClassResult> perClass() {
    int[][] confusion = confusion();
    List<ClassResult> results = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      int of = 0;
      int called = 0;
      for (int other = 0; other < classes.size(); other++) {
        of += confusion[label][other];
        called += confusion[other][label];
      }
      results.add(new ClassResult(classes.get(label), of, confusion[label][label], called));
    }
    return results;
  }

  /** Mean cross-entropy. */
  public double loss() {
    return images.stream().mapToDouble(Judged::loss).average().orElse(0);
  }

  /** The images by score, in tenths; empty tenths are left out. */
  public List<Bin> calibration() {
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      double low = (double) i / BINS;
      int bin = i;
      List<Judged> within =
          images.stream()
              .filter(image -> Math.min(BINS - 1, (int) (image.score() * BINS)) == bin)
              .toList();
      if (!within.isEmpty()) {
        bins.add(
            new Bin(
                low,
                within.size(),
                within.stream().mapToDouble(Judged::score).average().orElse(0),
                within.stream().filter(Judged::right).count() / (double) within.size()));
      }
    }
    return bins;
  }

  /** Expected calibration error: by how much scores and accuracies of the tenths differ. */
  public double calibrationError() {
    return calibration().stream()
            .mapToDouble(bin -> bin.count() * Math.abs(bin.score() - bin.right()))
            .sum()
        / Math.max(1, images.size());
  }

  /** The temperature that makes the scores mean what they say. */
  public double temperature() {
    return Temperature.fit(
            images.stream()
                .map(image -> new Judgement(image.logits(), false, image.image().label()))
                .toList())
        .value();
  }

  /** The same images with their logits divided by a temperature. */
  public Evaluation at(double temperature) {
    return new Evaluation(classes, images.stream().map(image -> image.at(temperature)).toList());
  }

  /** The lowest score that so large a part of the right answers has or exceeds. */
  public double threshold(double part) {
    double[] scores =
        images.stream().filter(Judged::right).mapToDouble(Judged::score).sorted().toArray();
    return scores.length == 0 ? 0 : scores[(int) ((1 - part) * (scores.length - 1))];
  }

  /** How many have a score of at least the threshold. */
  public Share answered(double threshold) {
    return new Share(
        (int) images.stream().filter(image -> image.score() >= threshold).count(), images.size());
  }

  /** How many of those with a score of at least the threshold are right. */
  public Share rightAbove(double threshold) {
    List<Judged> above = images.stream().filter(image -> image.score() >= threshold).toList();
    return new Share((int) above.stream().filter(Judged::right).count(), above.size());
  }

  /** The images with the highest loss, worst first. */
  public List<Judged> worst(int count) {
    return images.stream()
        .sorted(Comparator.comparingDouble(Judged::loss).reversed())
        .limit(count)
        .toList();
  }
}
