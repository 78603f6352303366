package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.client.DeadLetter;
import dev.phistream.client.TopicReader;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.event.ImageEvent;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.text.EventText;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What could not be classified, and why. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description = "Show events that could not be classified, and why.")
final class DeadLettersCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Console console;
  private final SingleObjectCodec<ImageEvent> codec = SingleObjectCodec.imageEvents();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Mixin private ReadOptions reading = new ReadOptions();

  @Option(
      names = "--topic",
      paramLabel = "T",
      scope = ScopeType.INHERIT,
      description = "The topic of the dead letters (default: setting topics.dead-letters).")
  private @Nullable String topic;

  DeadLettersCommand(Console console) {
    this.console = console;
  }

  /** Returns the settings for this command and its subcommands. */
  Settings settings() throws ConfigException {
    return options.load();
  }

  /** Returns the topic of the dead letters. */
  String topic(Settings settings) {
    return topic == null ? settings.topics().deadLetters() : topic;
  }

  @Override
  public Integer call() throws ConfigException, ClusterException {
    reading.check(spec);
    Settings settings = settings();
    try (TopicReader reader =
        TopicReader.open(new KafkaConnection(settings.kafka()), List.of(topic(settings)))) {
      Columns table =
          new Columns(console.out(), "offset:8", "event:36", "code:17", "origin:24", "message:0");
      return reading.read(
          reader,
          console,
          "dead letters",
          record -> {
            print(new DeadLetter(record), table);
            return true;
          });
    }
  }

  private void print(DeadLetter letter, Columns table) {
    if (reading.json()) {
      console.out().println(EventText.printable(json(letter).toString()));
      return;
    }
    table.print(
        letter.record().partition() + "@" + letter.record().offset(),
        Objects.requireNonNullElse(letter.eventId(codec), "-"),
        letter.code(),
        letter.origin(),
        letter.message());
  }

  private ObjectNode json(DeadLetter letter) {
    ObjectNode line = JSON.createObjectNode();
    line.put("eventId", letter.eventId(codec))
        .put("code", letter.code())
        .put("message", letter.message())
        .put("exception", letter.exception());
    line.putObject("origin")
        .put("topic", letter.originTopic())
        .put("partition", number(letter.originPartition()))
        .put("offset", number(letter.originOffset()));
    byte[] value = letter.record().value();
    Long omitted = number(letter.omittedBytes());
    return line.put("bytes", value == null ? 0 : value.length)
        .put("omittedBytes", omitted == null ? 0 : omitted)
        .put("timestamp", Instant.ofEpochMilli(letter.record().timestamp()).toString())
        .put("topic", letter.record().topic())
        .put("partition", letter.record().partition())
        .put("offset", letter.record().offset());
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null; // somebody else's letter
    }
  }
}
