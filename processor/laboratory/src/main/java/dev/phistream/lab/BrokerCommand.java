package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.Console;
import dev.phistream.app.StopSignal;
import dev.phistream.broker.EmbeddedBroker;
import dev.phistream.config.ConfigException;
import dev.phistream.config.SettingsLoader;
import dev.phistream.kafka.ClusterException;
import dev.phistream.model.ModelException;
import dev.phistream.runtime.StreamProcessor;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The embedded broker alone. */
@Command(
    name = "broker",
    mixinStandardHelpOptions = true,
    description = {
      "Run a Kafka of one node on this machine, for development.",
      "Prints 'ready HOST:PORT' when it takes clients; ends with SIGTERM or Ctrl-C.",
      "Has the processor's topics from the start; others are not created by use."
    })
final class BrokerCommand implements Callable<Integer> {
  private static final int DEFAULT_PORT = 9092;

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep records and offsets in DIR for the next start (default: a temporary directory).")
  private @Nullable Path data;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "" + DEFAULT_PORT,
      description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port = DEFAULT_PORT;

  BrokerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws CommandException,
          ConfigException,
          ClusterException,
          ModelException,
          InterruptedException {
    try (EmbeddedBroker broker = LocalBroker.start(options())) {
      StreamProcessor.createTopics(
          new SettingsLoader()
              .withEnvironment(System.getenv())
              .withValues(Map.of("bootstrap", broker.bootstrap()))
              .load());
      StopSignal stop = StopSignal.closing(broker);
      try {
        console.out().println("ready " + broker.bootstrap());
        Throwable failure = broker.failure().get();
        console.err().println("phistream: the broker failed: " + failure.getMessage());
        return 1;
      } finally {
        stop.close();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it only ever completes normally
    }
  }

  private EmbeddedBroker.Options options() {
    try {
      return new EmbeddedBroker.Options("localhost", port, data);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
