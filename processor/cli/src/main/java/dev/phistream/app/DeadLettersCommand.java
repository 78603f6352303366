package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.client.ClientException;
import dev.phistream.client.DeadLetter;
import dev.phistream.client.KafkaConnection;
import dev.phistream.client.TopicReader;
import dev.phistream.event.ImageEvent;
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
  private static final String DEFAULT_TOPIC = "images.dead-letters";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Console console;
  private final SingleObjectCodec<ImageEvent> codec = SingleObjectCodec.imageEvents();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Mixin private ReadOptions reading = new ReadOptions();

  @Option(
      names = "--topic",
      paramLabel = "T",
      scope = ScopeType.INHERIT,
      defaultValue = DEFAULT_TOPIC,
      description = "Where the dead letters are (default: ${DEFAULT-VALUE}).")
  private String topic = DEFAULT_TOPIC;

  DeadLettersCommand(Console console) {
    this.console = console;
  }

  KafkaConnection connection() {
    return kafka.connection(spec);
  }

  String topic() {
    return topic;
  }

  @Override
  public Integer call() throws ClientException {
    reading.check(spec);
    try (TopicReader reader = TopicReader.open(connection(), List.of(topic))) {
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
