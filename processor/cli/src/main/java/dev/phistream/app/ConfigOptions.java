package dev.phistream.app;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.config.SettingsLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The options of commands that read settings. */
public final class ConfigOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Read settings from this YAML file.")
  private @Nullable Path file;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      description = "Ask these Kafka brokers first; short for --set bootstrap=….")
  private @Nullable String bootstrap;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      scope = ScopeType.INHERIT,
      description =
          "Set a setting, such as window.events=64 or kafka.security.protocol=SSL. You may repeat"
              + " this option.")
  private Map<String, String> settings = new LinkedHashMap<>();

  private boolean warned;

  /** Returns settings for a command that talks to Kafka. */
  public Settings load() throws ConfigException {
    return load(loader().connecting());
  }

  /** Returns the same settings with other ones over them. */
  public Settings loadWith(Map<String, String> over) throws ConfigException {
    return load(loader().connecting().withValues(over));
  }

  /** Loads what a loader has, and prints its warnings the first time. */
  public Settings load(SettingsLoader loader) throws ConfigException {
    Settings loaded = loader.load();
    if (!warned) {
      warned = true;
      loaded
          .provenance()
          .warnings()
          .forEach(
              warning -> spec.commandLine().getErr().println("phistream: warning: " + warning));
    }
    return loaded;
  }

  /** Returns a loader of defaults, file, environment and these options. */
  public SettingsLoader loader() {
    SettingsLoader loader = new SettingsLoader().withFile(file).withEnvironment(System.getenv());
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      loader = loader.withOption("--set", setting.getKey(), setting.getValue());
    }
    return bootstrap == null ? loader : loader.withOption("--bootstrap", "bootstrap", bootstrap);
  }
}
