package dev.phistream.cascade;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Accuracy against compute of a cascade, over its threshold. */
public final class CascadeCurve {
  /** Above what a probability can be: the large model answers everything. */
  private static final double NEVER = 1.01;

  private record Ranked(double confidence, boolean smallRight, boolean largeRight) {}

  private final List<Ranked> surestFirst;
  private final double relativeCompute;

  /**
   * Judges images.
   *
   * @param relativeCompute of the small model, where the large one is 1
   */
  public CascadeCurve(List<Judgement> images, Temperature temperature, double relativeCompute) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("images: none (expected: at least one)");
    }
    this.surestFirst =
        images.stream()
            .map(
                image ->
                    new Ranked(
                        temperature.confidence(image.small()),
                        image.smallRight(),
                        image.largeRight()))
            .sorted(Comparator.comparingDouble(Ranked::confidence).reversed())
            .toList();
    this.relativeCompute = relativeCompute;
  }

  /** Images that the small model alone has right. */
  public Proportion smallRight() {
    return share(surestFirst.stream().filter(Ranked::smallRight).count());
  }

  /** Images that the large model alone has right. */
  public Proportion largeRight() {
    return share(surestFirst.stream().filter(Ranked::largeRight).count());
  }

  /** With one threshold. */
  public CascadePoint at(double threshold) {
    int answered = 0;
    int right = 0;
    int gained = 0;
    int lost = 0;
    for (Ranked image : surestFirst) {
      boolean small = image.confidence() >= threshold;
      answered += small ? 1 : 0;
      right += (small ? image.smallRight() : image.largeRight()) ? 1 : 0;
      gained += small && image.smallRight() && !image.largeRight() ? 1 : 0;
      lost += small && !image.smallRight() && image.largeRight() ? 1 : 0;
    }
    return point(threshold, answered, right, gained, lost);
  }

  /** With each threshold that makes a difference, from the one that lets nothing pass. */
  public List<CascadePoint> points() {
    List<CascadePoint> points = new ArrayList<>();
    int right = (int) surestFirst.stream().filter(Ranked::largeRight).count();
    int gained = 0;
    int lost = 0;
    points.add(point(NEVER, 0, right, 0, 0));
    for (int i = 0; i < surestFirst.size(); i++) {
      Ranked image = surestFirst.get(i);
      gained += image.smallRight() && !image.largeRight() ? 1 : 0;
      lost += !image.smallRight() && image.largeRight() ? 1 : 0;
      boolean last = i + 1 == surestFirst.size();
      if (last || surestFirst.get(i + 1).confidence() < image.confidence()) {
        points.add(point(image.confidence(), i + 1, right + gained - lost, gained, lost));
      }
    }
    return points;
  }

  /**
   * The cheapest threshold from which on the cascade is no more than {@code within} less accurate
   * than the large model, at the upper end of what so few images leave open, at each threshold that
   * is as high or higher; empty if the large model would have to answer everything, or the cascade
   * would compute no less than it does. A lower threshold that holds again, below one that does
   * not, does so by luck.
   */
  public Optional<CascadePoint> choose(double within) {
    return points().stream()
        .takeWhile(point -> point.threshold() >= NEVER || holds(point, within))
        .filter(point -> point.threshold() < NEVER)
        .reduce((higher, lower) -> lower)
        .filter(CascadeCurve::saves);
  }

  /**
   * The most accurate threshold that computes at most {@code compute} of what the large model does,
   * also on other images of the kind: the highest; empty if none computes so little.
   */
  public Optional<CascadePoint> spend(double compute) {
    return points().stream()
        .filter(point -> point.threshold() < NEVER)
        .filter(point -> point.computeHigh() <= compute)
        .findFirst()
        .filter(CascadeCurve::saves);
  }

  /** Whether a point is no more than {@code within} less accurate than the large model for sure. */
  public static boolean holds(CascadePoint point, double within) {
    return point.deficitHigh() <= within;
  }

  /** Whether a cascade computes less than the large model alone. */
  public static boolean saves(CascadePoint point) {
    return point.compute() < 1;
  }

  private CascadePoint point(double threshold, int answered, int right, int gained, int lost) {
    int all = surestFirst.size();
    return new CascadePoint(
        threshold, share(all - answered), share(right), lost, gained, relativeCompute);
  }

  private Proportion share(long count) {
    return new Proportion(count, surestFirst.size());
  }
}
