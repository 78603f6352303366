package dev.phistream.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.runtime.ProcessorConfig;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The page of all settings against the settings. */
class ConfigurationGuideTest {
  @Test
  void the_page_has_every_setting_with_its_default() throws IOException {
    String page = Files.readString(Path.of("../../docs/configuration.md"));

    Map<String, String> settings = new TreeMap<>();
    collect("", ProcessorConfig.class, settings);

    assertThat(settings).containsEntry("tiers.latency.max-delay", "2ms").hasSizeGreaterThan(25);
    settings.forEach(
        (name, value) ->
            assertThat(page)
                .contains("| `" + name + "` |" + (value.isEmpty() ? "" : " `" + value + "` |")));
  }

  private static void collect(String prefix, Class<?> part, Map<String, String> settings) {
    for (Method method : part.getMethods()) {
      if (method.isSynthetic() || method.getReturnType() == Map.class) {
        continue;
      }
      WithName named = method.getAnnotation(WithName.class);
      String name = prefix + (named == null ? kebab(method.getName()) : named.value());
      Class<?> type = method.getReturnType();
      if (type.isInterface() && type.getName().startsWith(ProcessorConfig.class.getName())) {
        collect(name + ".", type, settings);
      } else {
        WithDefault value = method.getAnnotation(WithDefault.class);
        settings.merge(name, value == null ? "" : value.value(), (a, b) -> a.isEmpty() ? b : a);
      }
    }
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
