package dev.phistream.app;

import dev.phistream.runtime.ConfigException;
import dev.phistream.runtime.ConfigLoader;
import dev.phistream.runtime.ProcessorConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that read the processor's configuration. */
public final class ConfigOptions {
  @Option(names = "--config", paramLabel = "FILE", description = "A YAML file of settings.")
  private @Nullable Path file;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers to begin with; short for --set bootstrap=….")
  private @Nullable String bootstrap;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A setting, such as window.events=64; kafka.* go to Kafka as they are. May be given again.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /** The configuration: defaults, file, environment, these options. */
  public ProcessorConfig load() throws ConfigException {
    return load(Map.of());
  }

  /** The same, and other settings over all of them. */
  public ProcessorConfig load(Map<String, String> over) throws ConfigException {
    Map<String, String> all = new LinkedHashMap<>(settings);
    if (bootstrap != null) {
      all.put("bootstrap", bootstrap);
    }
    all.putAll(over);
    return ConfigLoader.load(file, System.getenv(), all);
  }
}
