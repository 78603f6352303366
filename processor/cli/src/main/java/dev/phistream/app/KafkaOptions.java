package dev.phistream.app;

import dev.phistream.client.KafkaConnection;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** Which Kafka a command talks to. */
final class KafkaOptions {
  private static final String DEFAULT_BOOTSTRAP = "localhost:9092";

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:PHISTREAM_BOOTSTRAP:-" + DEFAULT_BOOTSTRAP + "}",
      description = "Kafka brokers, comma-separated (default: ${DEFAULT-VALUE}).")
  private String bootstrap = DEFAULT_BOOTSTRAP;

  @Option(
      names = "--kafka",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "A Kafka client property, such as security.protocol=SSL.")
  private Map<String, String> properties = Map.of();

  KafkaConnection connection(CommandSpec spec) {
    try {
      return new KafkaConnection(bootstrap, properties);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
