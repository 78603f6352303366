package dev.phistream.app;

import dev.phistream.client.DeadLetter;
import dev.phistream.client.Redrive;
import dev.phistream.client.TopicReader;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Dead letters, sent again. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    description = {
      "Send dead letters again to the topic they came from, as they were sent first.",
      "Letters stay in their topic: each run sends all that match again, also those that an earlier"
          + " run sent."
    })
final class RedriveCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Console console;
  private final DeadLettersCommand letters;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "Only letters with this error code, such as image-truncated.")
  private @Nullable String code;

  @Option(names = "--limit", paramLabel = "N", description = "At most N letters, oldest first.")
  private @Nullable Integer limit;

  RedriveCommand(Console console, DeadLettersCommand letters) {
    this.console = console;
    this.letters = letters;
  }

  @Override
  public Integer call() throws ConfigException, ClusterException {
    if (limit != null && limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit: " + limit + " (expected: >= 1)");
    }
    Settings settings = letters.settings();
    KafkaConnection kafka = new KafkaConnection(settings.kafka());
    AtomicInteger passedOver = new AtomicInteger();
    try (TopicReader reader = TopicReader.open(kafka, List.of(letters.topic(settings)));
        Redrive redrive = Redrive.connect(kafka)) {
      AtomicInteger sent = new AtomicInteger();
      reader.readToEnd(
          PATIENCE,
          record -> {
            DeadLetter letter = new DeadLetter(record);
            if (code != null && !code.equals(letter.code())) {
              passedOver.incrementAndGet();
              return true;
            }
            redrive.send(letter);
            return limit == null || sent.incrementAndGet() < limit;
          });
      console
          .out()
          .println("redriven %d, passed over %d".formatted(redrive.finish(), passedOver.get()));
      return 0;
    }
  }
}
