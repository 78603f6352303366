package dev.phistream.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.config.SettingsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of all settings against their declarations. */
class ConfigurationGuideTest {
  private static final String BEGIN =
      "<!-- settings: written by ./phistream config --reference -->\n";
  private static final String END = "<!-- end of settings -->";

  @Test
  void the_tables_of_the_page_are_those_of_the_declarations() throws IOException {
    String page = Files.readString(Path.of("../../docs/configuration.md"));

    assertThat(page).contains(BEGIN, END);
    assertThat(page.split(BEGIN, 2)[1].split(END, 2)[0])
        .as("put the output of ./phistream config --reference between the marks of the page")
        .isEqualTo(SettingsReference.markdown());
  }
}
