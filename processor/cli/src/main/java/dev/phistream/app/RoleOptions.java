package dev.phistream.app;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that may run or show a part of the processor. */
final class RoleOptions {
  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "all (default), router or classifier; short for --set role=…. A router sends each event"
              + " to the topic of its variant, classifiers answer.")
  private @Nullable String role;

  @Option(
      names = "--variants",
      paramLabel = "V,V…",
      description = "The variants that a classifier serves; short for --set variants=….")
  private @Nullable String variants;

  /** The settings that they are short for. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    if (role != null) {
      settings.put("role", role);
    }
    if (variants != null) {
      settings.put("variants", variants);
    }
    return settings;
  }
}
