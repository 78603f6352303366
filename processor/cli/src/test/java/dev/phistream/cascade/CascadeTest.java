package dev.phistream.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class CascadeTest {
  private static final double SMALL_COMPUTE = 0.2;

  @Example
  void the_fit_finds_the_temperature_that_the_labels_were_drawn_with() {
    Random random = new Random(1);
    List<Judgement> images = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      float[] logits = {(float) random.nextGaussian() * 4, (float) random.nextGaussian() * 4};
      double first = 1 / (1 + Math.exp((logits[1] - logits[0]) / 2));
      images.add(new Judgement(logits, true, random.nextDouble() < first ? 0 : 1));
    }

    assertThat(Temperature.fit(images).value()).isCloseTo(2, within(0.1));
  }

  @Example
  void confidence_is_the_softmax_of_the_best_label() {
    float[] logits = {1, 3, 2};

    assertThat(new Temperature(1).confidence(logits))
        .isCloseTo(1 / (1 + Math.exp(-1) + Math.exp(-2)), within(1e-9));
    assertThat(new Temperature(100).confidence(logits)).isCloseTo(1.0 / 3, within(0.01));
    assertThat(new Temperature(1).confidence(new float[] {2000, -2000})).isEqualTo(1);
  }

  @Example
  void a_curve_goes_from_the_large_model_alone_to_both_for_what_the_small_one_is_not_sure_of() {
    CascadeCurve curve = curve();

    List<CascadePoint> points = curve.points();
    assertThat(points.get(0).accuracy()).isEqualTo(curve.largeRight().share()).isEqualTo(0.75);
    assertThat(points.get(0).compute()).isEqualTo(1 + SMALL_COMPUTE);
    assertThat(points.get(4).accuracy()).isEqualTo(curve.smallRight().share()).isEqualTo(0.5);
    assertThat(points.get(4).compute()).isEqualTo(SMALL_COMPUTE);
    assertThat(points)
        .extracting(CascadePoint::accuracy)
        .containsExactly(0.75, 0.75, 1.0, 0.75, 0.5);
  }

  @Example
  void the_cheapest_threshold_that_keeps_the_accuracy_for_sure_is_chosen() {
    CascadeCurve curve = curve(500);

    // The third is as accurate as the large model, but 2,000 images leave 2.5 points open.
    assertThat(curve.choose(0.03))
        .hasValueSatisfying(point -> assertThat(point.escalated()).isEqualTo(0.25));
    assertThat(curve.choose(0.02))
        .hasValueSatisfying(point -> assertThat(point.escalated()).isEqualTo(0.5));
    assertThat(curve.choose(-0.9)).isEmpty();
  }

  @Example
  void a_lower_threshold_that_holds_by_luck_is_not_chosen() {
    CascadeCurve curve =
        new CascadeCurve(
            repeated(
                100,
                image(9, 0, true),
                image(8, 1, true),
                image(7, 0, false),
                image(6, 0, false),
                image(5, 0, false)),
            new Temperature(1),
            0.15);

    assertThat(curve.points().get(5).deficit()).isLessThan(curve.points().get(2).deficit());
    assertThat(curve.choose(0.1))
        .hasValueSatisfying(point -> assertThat(point.escalated()).isEqualTo(0.8));
  }

  @Example
  void that_none_of_few_images_was_lost_is_not_certainty() {
    CascadeCurve curve =
        new CascadeCurve(repeated(43, image(9, 0, true)), new Temperature(1), SMALL_COMPUTE);

    CascadePoint point = curve.at(0.5);
    assertThat(point.deficit()).isZero();
    assertThat(point.deficitHigh()).isCloseTo(0.082, within(1e-3));
    assertThat(point.deficitLow()).isCloseTo(-0.082, within(1e-3));
    assertThat(curve.choose(0.003)).isEmpty();
    assertThat(curve.choose(0.1)).isPresent();
  }

  @Example
  void a_cascade_that_saves_nothing_is_not_chosen() {
    CascadeCurve curve =
        new CascadeCurve(
            List.of(image(8, 0, true), image(6, 1, true), image(4, 1, true), image(2, 1, true)),
            new Temperature(1),
            0.3);

    assertThat(curve.at(0.999).compute()).isEqualTo(1.05);
    assertThat(curve.choose(0.7)).isEmpty();
    assertThat(curve.spend(2)).isEmpty();
  }

  @Example
  void with_an_amount_of_compute_to_spend_the_highest_threshold_that_keeps_to_it_is_chosen() {
    CascadeCurve curve = curve(500);

    // Half of 2,000 images go on: 0.7 of the large model's compute, 0.722 at most.
    assertThat(curve.spend(0.73))
        .hasValueSatisfying(point -> assertThat(point.escalated()).isEqualTo(0.5));
    assertThat(curve.spend(0.71))
        .hasValueSatisfying(point -> assertThat(point.escalated()).isEqualTo(0.25));
    assertThat(curve.spend(0.1)).isEmpty();
  }

  @Property(tries = 200)
  void a_threshold_gives_what_its_point_on_the_curve_says(
      @ForAll @DoubleRange(min = 0, max = 1) double threshold) {
    CascadePoint point = curve().at(threshold);

    CascadePoint onCurve =
        curve().points().stream()
            .filter(each -> each.threshold() >= threshold)
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(point.accuracy()).isEqualTo(onCurve.accuracy());
    assertThat(point.compute()).isEqualTo(onCurve.compute());
    assertThat(point.deficit()).isEqualTo(onCurve.deficit());
  }

  /** Four images, surest first: both right, only the small one, only the large one, only it. */
  private static CascadeCurve curve() {
    return curve(1);
  }

  /** The same, each of them so many times. */
  private static CascadeCurve curve(int times) {
    return new CascadeCurve(
        repeated(
            times, image(8, 0, true), image(6, 0, false), image(4, 1, true), image(2, 1, true)),
        new Temperature(1),
        SMALL_COMPUTE);
  }

  private static List<Judgement> repeated(int times, Judgement... images) {
    return Stream.of(images).flatMap(image -> Collections.nCopies(times, image).stream()).toList();
  }

  private static Judgement image(float logit, int label, boolean largeRight) {
    return new Judgement(new float[] {logit, 0}, largeRight, label);
  }
}
