package dev.phistream.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EventTextTest {
  @Test
  void short_text_stays_as_it_is() {
    assertThat(EventText.excerpt("b0")).isEqualTo("b0");
    assertThat(EventText.excerpt("x".repeat(512))).hasSize(512);
  }

  @Test
  void long_text_is_cut_and_says_how_long_it_was() {
    assertThat(EventText.excerpt("v".repeat(9_000_000)))
        .startsWith("vvvv")
        .endsWith("… (9000000 characters)");
  }

  @Test
  void what_a_terminal_would_obey_is_shown_instead() {
    assertThat(EventText.printable("\u001b]52;c;aGk=\u0007 ok\n\u202e\uD800"))
        .isEqualTo("\\u001b]52;c;aGk=\\u0007 ok\\u000a\\u202e\\ud800");
    assertThat(EventText.printable("größe 猫 🐈")).isEqualTo("größe 猫 🐈");
  }

  @Property(tries = 300)
  void no_text_becomes_longer_than_the_limit_and_none_is_torn(@ForAll String text) {
    String excerpt = EventText.excerpt(text.repeat(20), 128);

    assertThat(excerpt.getBytes(UTF_8).length).isLessThanOrEqualTo(Math.max(128, 0));
    if (!text.contains("\uFFFD")) {
      assertThat(new String(excerpt.getBytes(UTF_8), UTF_8).length()).isEqualTo(excerpt.length());
    }
  }
}
