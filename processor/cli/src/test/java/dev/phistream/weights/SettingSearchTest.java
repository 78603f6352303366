package dev.phistream.weights;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Padding;
import dev.phistream.model.WeightConventions;
import dev.phistream.weights.Setting.Aspect;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A stand-in for a model: each aspect that is wrong costs it some of its confidence. */
class SettingSearchTest {
  private static final int IMAGES = 80;
  private static final Setting TRUE =
      new Setting(
          new WeightConventions(Padding.SAME, 1e-3), Preprocessing.imagenet(224, 0.875), false);

  @Test
  void a_model_with_its_own_settings_is_left_alone() {
    SettingSearch.Result result = SettingSearch.search(TRUE, this::judge);

    assertThat(result.better()).isNull();
    assertThat(result.tried()).isGreaterThan(5);
  }

  @Test
  void one_wrong_aspect_is_named() {
    Setting wrong =
        new Setting(new WeightConventions(Padding.SYMMETRIC, 1e-3), TRUE.preprocessing(), false);

    SettingSearch.Result result = SettingSearch.search(wrong, this::judge);

    Setting better = requireNonNull(result.better());
    assertThat(better).isEqualTo(TRUE);
    assertThat(better.differences(wrong)).containsExactly(Aspect.PADDING);
    assertThat(better.option(Aspect.PADDING)).isEqualTo("--padding same");
  }

  @Test
  void several_wrong_aspects_are_found_one_after_the_other() {
    Preprocessing half =
        TRUE.preprocessing().normalised(List.of(0.5f, 0.5f, 0.5f), List.of(0.5f, 0.5f, 0.5f));
    Setting wrong = new Setting(new WeightConventions(Padding.SYMMETRIC, 1e-5), half, true);

    SettingSearch.Result result = SettingSearch.search(wrong, this::judge);

    Setting better = requireNonNull(result.better());
    assertThat(better).isEqualTo(TRUE);
    assertThat(better.differences(wrong)).containsExactly(Aspect.values());
    assertThat(result.best().meanLogLoss()).isLessThan(result.own().meanLogLoss());
  }

  @Test
  void a_model_that_knows_nothing_gives_no_warning() {
    Random random = new Random(22);

    SettingSearch.Result result = SettingSearch.search(TRUE, setting -> judged(random, 0));

    assertThat(result.better()).isNull();
  }

  private Judgement judge(Setting setting) {
    int wrong = setting.differences(TRUE).size();
    return judged(new Random(1), 4 - wrong);
  }

  private static Judgement judged(Random random, double knowledge) {
    List<float[]> logits = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      logits.add(
          new float[] {
            (float) (knowledge + random.nextGaussian()), (float) random.nextGaussian(), 0
          });
    }
    return Judgement.of(logits, new int[IMAGES]);
  }
}
