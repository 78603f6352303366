package dev.phistream.runtime;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: defaults, then a YAML file, then environment variables, then settings of
 * the command line, each overruling the ones before.
 */
public final class ConfigLoader {
  /** Before every setting's name inside the program and in environment variables. */
  static final String PREFIX = "phistream";

  private static final int FILE_ORDINAL = 200;
  private static final int ENVIRONMENT_ORDINAL = 300;
  private static final int COMMAND_LINE_ORDINAL = 400;

  private ConfigLoader() {}

  /**
   * Loads.
   *
   * @param file a YAML file, or null
   * @param environment environment variables
   * @param settings settings of the command line, by name
   * @throws ConfigException when the file cannot be read or a setting is unknown or has no meaning
   */
  public static ProcessorConfig load(
      @Nullable Path file, Map<String, String> environment, Map<String, String> settings)
      throws ConfigException {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .withMapping(ProcessorConfig.class)
            .withConverter(DataSize.class, 200, DataSize::parse)
            .withConverter(Duration.class, 200, Durations::parse)
            .withSources(new EnvConfigSource(ours(environment), ENVIRONMENT_ORDINAL))
            .withSources(
                new PropertiesConfigSource(
                    prefixed(settings), "the command line", COMMAND_LINE_ORDINAL));
    if (file != null) {
      builder.withSources(
          new PropertiesConfigSource(prefixed(read(file)), file.toString(), FILE_ORDINAL));
    }
    try {
      SmallRyeConfig config = builder.build();
      return config.getConfigMapping(ProcessorConfig.class);
    } catch (ConfigValidationException e) {
      throw new ConfigException(
          IntStream.range(0, e.getProblemCount())
              .mapToObj(i -> readable(e.getProblem(i).getMessage()))
              .collect(Collectors.joining(System.lineSeparator())),
          e);
    }
  }

  /** Without the names of classes and the library's message codes. */
  private static String readable(String problem) {
    return problem
        .replaceFirst("^java\\.\\S+Exception: ", "")
        .replaceAll("SRCFG\\d+: ", "")
        .replace(PREFIX + ".", "");
  }

  private static Map<String, String> read(Path file) throws ConfigException {
    try {
      if (!Files.isRegularFile(file)) {
        throw new ConfigException(file + ": no such file (expected: a YAML file)");
      }
      return new YamlConfigSource(file.toUri().toURL()).getProperties();
    } catch (IOException | RuntimeException e) {
      throw new ConfigException(file + ": not readable as YAML: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> ours(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith("PHISTREAM_"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, String> prefixed(Map<String, String> settings) {
    Map<String, String> prefixed = new TreeMap<>();
    settings.forEach((name, value) -> prefixed.put(PREFIX + "." + name, value));
    return prefixed;
  }
}
