package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.pipeline.Answer.Label;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private final Labels labels = new Labels(List.of("ant", "bee", "cat"));

  @Test
  void the_most_probable_classes_come_first_with_their_names_and_places() {
    List<Label> top = labels.top(new float[] {1, 3, 2}, 2);

    assertThat(top).extracting(Label::name).containsExactly("bee", "cat");
    assertThat(top).extracting(Label::index).containsExactly(1, 2);
    // e³ / (e¹ + e² + e³) and e² / (e¹ + e² + e³)
    assertThat(top.get(0).score()).isEqualTo(0.66524f, offset(1e-5f));
    assertThat(top.get(1).score()).isEqualTo(0.24473f, offset(1e-5f));
  }

  @Test
  void equally_probable_classes_keep_their_order() {
    assertThat(labels.top(new float[] {5, 5, 5}, 3))
        .extracting(Label::name)
        .containsExactly("ant", "bee", "cat");
  }

  @Test
  void more_labels_than_classes_are_not_to_be_had() {
    assertThat(labels.top(new float[] {0, 0, 0}, 10)).hasSize(3);
  }

  @Test
  void huge_logits_do_not_overflow() {
    List<Label> top = labels.top(new float[] {-3e38f, 3e38f, 3e38f}, 3);

    assertThat(top).extracting(Label::score).containsExactly(0.5f, 0.5f, 0f);
  }

  @Property
  void scores_fall_and_sum_to_one(
      @ForAll @Size(min = 1, max = 50) List<@FloatRange(min = -1000, max = 1000) Float> logits) {
    float[] values = new float[logits.size()];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      values[i] = logits.get(i);
      names.add("class " + i);
    }

    List<Label> top = new Labels(names).top(values, values.length);

    assertThat(top.stream().mapToDouble(Label::score).sum()).isEqualTo(1, offset(1e-5));
    assertThat(IntStream.range(1, values.length))
        .allMatch(i -> top.get(i - 1).score() >= top.get(i).score())
        .allMatch(i -> values[top.get(i - 1).index()] >= values[top.get(i).index()]);
  }

  @Property
  void the_best_are_the_head_of_a_full_sort_that_keeps_the_order_of_equals(
      @ForAll @Size(min = 1, max = 50) List<@IntRange(min = -3, max = 3) Integer> logits,
      @ForAll @IntRange(min = 1, max = 60) int count) {
    float[] values = new float[logits.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = logits.get(i);
    }

    List<Label> top = new Labels(Collections.nCopies(values.length, "any")).top(values, count);

    assertThat(top)
        .extracting(Label::index)
        .isEqualTo(
            IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .limit(count)
                .toList());
  }

  @Test
  void logits_of_another_network_are_refused() {
    assertThatThrownBy(() -> labels.top(new float[] {1, 2}, 1))
        .hasMessage("logits: 2 (expected: 3, one per class)");
  }
}
