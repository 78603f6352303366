package dev.phistream.app;

import dev.phistream.config.SettingsLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that may run or show a part of the processor. */
final class RoleOptions {
  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "Run all (default), router or classifier; short for --set role=…. A router sends each"
              + " event to the topic of its variant, and classifiers answer it.")
  private @Nullable String role;

  @Option(
      names = "--variants",
      paramLabel = "V,V…",
      description = "Serve these variants as a classifier; short for --set variants=….")
  private @Nullable String variants;

  /** Returns a loader with these options too. */
  SettingsLoader over(SettingsLoader loader) {
    SettingsLoader with = role == null ? loader : loader.withOption("--role", "role", role);
    return variants == null ? with : with.withOption("--variants", "variants", variants);
  }
}
