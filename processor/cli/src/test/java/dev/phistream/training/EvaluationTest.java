package dev.phistream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of a network's answers. */
class EvaluationTest {
  private static final List<String> CLASSES = List.of("a", "b", "c");

  @Test
  void the_interval_of_nine_in_ten_is_wilsons() {
    Evaluation.Share share = new Evaluation.Share(9, 10);

    assertThat(share.value()).isEqualTo(0.9);
    assertThat(share.low()).isCloseTo(0.5958, offset(1e-4));
    assertThat(share.high()).isCloseTo(0.9821, offset(1e-4));
  }

  @Test
  void the_interval_of_all_does_not_end_at_all() {
    assertThat(new Evaluation.Share(20, 20).low()).isCloseTo(0.8389, offset(1e-4));
  }

  @Test
  void an_answer_counts_among_the_first_k_when_fewer_than_k_are_larger() {
    Evaluation evaluation =
        new Evaluation(
            CLASSES, List.of(judged(0, 3, 2, 1), judged(1, 3, 2, 1), judged(2, 3, 2, 1)));

    assertThat(evaluation.top(1).hits()).isEqualTo(1);
    assertThat(evaluation.top(2).hits()).isEqualTo(2);
    assertThat(evaluation.top(3).hits()).isEqualTo(3);
  }

  @Test
  void confusions_have_the_class_in_rows_and_the_answer_in_columns() {
    Evaluation evaluation =
        new Evaluation(
            CLASSES, List.of(judged(0, 1, 0, 0), judged(0, 0, 1, 0), judged(2, 0, 0, 1)));

    assertThat(evaluation.confusion()).isDeepEqualTo(new int[][] {{1, 1, 0}, {0, 0, 0}, {0, 0, 1}});
    Evaluation.ClassResult a = evaluation.perClass().get(0);
    assertThat(a.recall()).isEqualTo(0.5);
    assertThat(a.precision()).isEqualTo(1);
    assertThat(a.f1()).isCloseTo(2.0 / 3, offset(1e-9));
  }

  @Test
  void a_network_that_is_too_sure_gets_a_temperature_above_one() {
    List<Judged> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(judged(i % 4 == 0 ? 1 : 0, 6, 0, 0));
    }
    Evaluation evaluation = new Evaluation(CLASSES, answers);

    double temperature = evaluation.temperature();

    assertThat(temperature).isGreaterThan(2);
    assertThat(evaluation.at(temperature).calibrationError())
        .isLessThan(0.3 * evaluation.calibrationError());
    assertThat(evaluation.at(temperature).top(1)).isEqualTo(evaluation.top(1));
  }

  @Test
  void the_threshold_keeps_the_wanted_part_of_the_right_answers() {
    List<Judged> answers = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      answers.add(judged(0, i / 20f, 0, 0));
    }
    Evaluation evaluation = new Evaluation(CLASSES, answers);

    double threshold = evaluation.threshold(0.95);

    long kept = answers.stream().filter(Judged::right).filter(a -> a.score() >= threshold).count();
    long right = answers.stream().filter(Judged::right).count();
    assertThat((double) kept / right).isBetween(0.95, 0.97);
  }

  @Test
  void the_worst_answer_is_the_one_with_the_highest_loss() {
    Judged sure = judged(1, 9, 0, 0);
    Judged unsure = judged(1, 1, 0.9f, 0);

    assertThat(new Evaluation(CLASSES, List.of(unsure, sure)).worst(1)).containsExactly(sure);
  }

  private static Judged judged(int label, float... logits) {
    LabelledFile file = new LabelledFile("x", CLASSES.get(label), null, () -> new byte[0]);
    return new Judged(new ImageData.Image(file, label, Split.VALIDATION, "00"), logits);
  }
}
