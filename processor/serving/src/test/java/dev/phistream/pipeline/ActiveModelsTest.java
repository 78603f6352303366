package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.batching.QueueKey;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActiveModelsTest {
  private final LoadedModel first = model("first");
  private final LoadedModel second = model("second");
  private final ActiveModels activeModels = new ActiveModels(List.of(first));
  private final List<String> freed = new ArrayList<>();

  @Test
  void an_event_keeps_the_model_that_answered_for_its_variant_when_it_came() {
    LoadedModel before = activeModels.hold("small");
    activeModels.swap("small", new ActiveModels.ModelPair(second, first));

    assertThat(before).isSameAs(first);
    assertThat(activeModels.hold("small")).isSameAs(second);
  }

  @Test
  void a_model_that_is_let_go_is_freed_when_its_last_event_is_answered() {
    LoadedModel one = activeModels.hold("small");
    LoadedModel other = activeModels.hold("small");
    activeModels.swap("small", new ActiveModels.ModelPair(second, null));
    first.retire(() -> freed.add("first"));

    one.release();
    assertThat(freed).isEmpty();
    other.release();
    assertThat(freed).containsExactly("first");
  }

  @Test
  void a_model_without_events_is_freed_at_once_and_takes_none() {
    first.retire(() -> freed.add("first"));

    assertThat(freed).containsExactly("first");
    assertThat(first.hold()).isFalse();
  }

  @Test
  void a_variant_that_is_not_served_is_refused() {
    assertThatThrownBy(() -> activeModels.hold("huge"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("variant: huge (expected: one of [small])");
  }

  private static LoadedModel model(String id) {
    return new LoadedModel(
        new ServedModel(
            "small",
            id,
            "digest of " + id,
            new Preprocessor(Preprocessing.imagenet(8, 1)),
            new Labels(List.of("ant"))),
        QueueKey.of(id));
  }
}
