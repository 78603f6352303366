package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.client.ClientException;
import dev.phistream.client.TopicReader;
import dev.phistream.event.Classification;
import dev.phistream.event.Tier;
import dev.phistream.schema.UnreadableRecordException;
import dev.phistream.text.EventText;
import dev.phistream.wire.ClassificationJson;
import dev.phistream.wire.ResultReader;
import dev.phistream.wire.SchemaRegistryException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Labels out. */
@Command(
    name = "results",
    mixinStandardHelpOptions = true,
    description = {
      "Show labels, from the beginning, as far as they are committed.",
      "Reads without a consumer group, so looking changes nothing for anybody."
    })
final class ResultsCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Mixin private ReadOptions reading = new ReadOptions();

  @Option(
      names = "--topic",
      paramLabel = "T",
      description = "A topic of labels (default: labels.latency, .balanced and .accuracy).")
  private List<String> topics = List.of();

  @Option(names = "--tier", paramLabel = "TIER", description = "Only the topic of this tier.")
  private @Nullable Tier tier;

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      defaultValue = "${env:PHISTREAM_SCHEMA_REGISTRY_URL}",
      description = "Where schemas are kept, if results are in the Confluent wire format.")
  private @Nullable String registry;

  private boolean unreadable;

  ResultsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ClientException {
    reading.check(spec);
    List<String> names = names();
    try (ResultReader results = resultReader();
        TopicReader reader = TopicReader.open(kafka.connection(spec), names)) {
      if (!reader.missing().isEmpty()) {
        console.err().println("no topic " + String.join(", ", reader.missing()));
      }
      Columns table =
          new Columns(
              console.out(), "event:36", "tier:8", "variant:7", "batch:5", "ms:8", "labels:0");
      int code =
          reading.read(
              reader,
              console,
              "results",
              record -> {
                print(record, results, table);
                return true;
              });
      return unreadable ? 1 : code;
    }
  }

  private List<String> names() {
    if (!topics.isEmpty() && tier != null) {
      throw new ParameterException(spec.commandLine(), "--tier: with --topic (expected: one)");
    }
    if (tier == Tier.DEFAULT) {
      throw new ParameterException(
          spec.commandLine(), "--tier: default (expected: latency, balanced or accuracy)");
    }
    if (!topics.isEmpty()) {
      return topics;
    }
    return Arrays.stream(Tier.values())
        .filter(any -> any != Tier.DEFAULT && (tier == null || tier == any))
        .map(any -> "labels." + LabelText.tier(any))
        .toList();
  }

  private ResultReader resultReader() {
    try {
      return new ResultReader(registry == null || registry.isBlank() ? null : registry);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--schema-registry: " + e.getMessage(), e);
    }
  }

  private void print(ConsumerRecord<byte[], byte[]> record, ResultReader results, Columns table)
      throws ClientException {
    String place = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    try {
      Classification result = results.read(record.value());
      if (reading.json()) {
        console.out().println(line(place(ClassificationJson.object(result), record)));
      } else {
        row(result, table);
      }
    } catch (UnreadableRecordException e) {
      unreadable = true;
      if (reading.json()) {
        ObjectNode line = place(new ObjectMapper().createObjectNode(), record);
        console.out().println(line(line.put("error", e.getMessage())));
      }
      console
          .err()
          .println(
              "phistream: %s: %s"
                  .formatted(place, EventText.printable(String.valueOf(e.getMessage()))));
    } catch (SchemaRegistryException e) {
      throw new ClientException("%s: %s".formatted(place, e.getMessage()), e);
    }
  }

  /** The escapes of what is not printable are JSON's own. */
  private static String line(ObjectNode json) {
    return EventText.printable(json.toString());
  }

  private static ObjectNode place(ObjectNode line, ConsumerRecord<byte[], byte[]> record) {
    return line.put("topic", record.topic())
        .put("partition", record.partition())
        .put("offset", record.offset());
  }

  private static void row(Classification result, Columns table) {
    table.print(
        result.getEventId(),
        LabelText.tier(result.getRequestedTier()),
        result.getVariant(),
        String.valueOf(result.getBatchSize()),
        String.format(Locale.ROOT, "%.1f", result.getTimings().getTotalMs()),
        LabelText.of(result));
  }
}
