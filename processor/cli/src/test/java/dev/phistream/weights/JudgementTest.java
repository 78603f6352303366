package dev.phistream.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final float SURE = 5;

  @Test
  void the_label_is_the_largest_logit() {
    Judgement judgement =
        Judgement.of(List.of(new float[] {0, 3, 1}, new float[] {2, 0, 0}), new int[] {1, 2});

    assertThat(judgement.right()).containsExactly(true, false);
    assertThat(judgement.count()).isEqualTo(1);
  }

  @Test
  void the_loss_of_equal_logits_is_the_logarithm_of_the_classes() {
    Judgement judgement = Judgement.of(List.of(new float[] {7, 7, 7, 7}), new int[] {3});

    assertThat(judgement.meanLogLoss()).isCloseTo(Math.log(4), offset(1e-9));
    assertThat(judgement.meanConfidence()).isCloseTo(0.25, offset(1e-9));
  }

  @Test
  void a_model_that_is_as_sure_as_it_is_right_has_no_calibration_error() {
    // Two classes at 0.75 each time, and right three times in four.
    float[] logits = {(float) Math.log(3), 0};
    Judgement judgement =
        Judgement.of(List.of(logits, logits, logits, logits), new int[] {0, 0, 0, 1});

    assertThat(judgement.calibrationError()).isCloseTo(0, offset(1e-6));
  }

  @Test
  void a_model_that_is_sure_and_half_wrong_has_an_error_of_a_half() {
    float[] logits = {50, 0};
    Judgement judgement = Judgement.of(List.of(logits, logits), new int[] {0, 1});

    assertThat(judgement.calibrationError()).isCloseTo(0.5, offset(1e-6));
  }

  @Test
  void a_loss_that_is_lower_by_chance_lies_within_a_few_standard_errors() {
    List<float[]> one = new ArrayList<>();
    List<float[]> other = new ArrayList<>();
    int[] classes = new int[100];
    for (int i = 0; i < classes.length; i++) {
      one.add(new float[] {i % 2 == 0 ? SURE : 0, 0});
      other.add(new float[] {i % 2 == 0 ? 0 : SURE, 0});
    }

    double errors = Judgement.of(one, classes).standardErrorsAbove(Judgement.of(other, classes));

    assertThat(Math.abs(errors)).isLessThan(1);
  }
}
