package dev.phistream.app;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Role;
import dev.phistream.config.Settings;
import dev.phistream.kafka.ClusterException;
import dev.phistream.model.ModelException;
import dev.phistream.runtime.StreamProcessor;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The processor against a Kafka. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Run the processor against a Kafka. After SIGTERM it answers the events in flight and"
            + " leaves the consumer group.")
final class RunCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Mixin private RoleOptions role = new RoleOptions();

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws ConfigException, ClusterException, ModelException, InterruptedException {
    Settings config = options.load(role.over(options.loader().connecting()));
    try (StopSignal stop = StopSignal.ending();
        StreamProcessor processor = StreamProcessor.start(config)) {
      stop.closeInstead(processor, 0);
      return runUntilStopped(processor, config, stop);
    }
  }

  private int runUntilStopped(StreamProcessor processor, Settings config, StopSignal stop)
      throws InterruptedException {
    try {
      var unused =
          processor
              .running()
              .thenRun(
                  () ->
                      console
                          .out()
                          .println(
                              "ready %s, %s from %s"
                                  .formatted(
                                      config.bootstrap(),
                                      String.join(", ", processor.variants()),
                                      config.role() == Role.CLASSIFIER
                                          ? config.topics().routed()
                                          : config.topics().input())));
      processor.ended().get();
      return 0;
    } catch (ExecutionException e) {
      console.err().println("phistream: the processor gave up: " + e.getCause());
      stop.closeInstead(processor, 1);
      return 1;
    }
  }
}
