package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.pipeline.Answer.Label;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTableTest {
  private final LabelTable table = new LabelTable("file");

  @Test
  void labels_stand_in_columns_and_only_the_best_three_are_shown() {
    table.add(
        "a.png",
        List.of(
            new Label(1, "cup", 0.971f),
            new Label(2, "mug", 0.02f),
            new Label(0, "jar", 0.006f),
            new Label(3, "pot", 0.003f)));
    table.add("longer-name.jpg", "image-truncated: it ends too early");

    assertThat(printed())
        .containsExactly(
            "file             labels",
            "a.png            cup 97 %  mug 2 %  jar 1 %",
            "longer-name.jpg  image-truncated: it ends too early");
  }

  @Test
  void nothing_to_show_prints_nothing_and_nothing_is_shown_twice() {
    assertThat(printed()).isEmpty();
    table.add("a.png", List.of());

    assertThat(printed()).hasSize(2);
    assertThat(printed()).isEmpty();
  }

  private List<String> printed() {
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text, true));
    return text.toString().lines().toList();
  }
}
