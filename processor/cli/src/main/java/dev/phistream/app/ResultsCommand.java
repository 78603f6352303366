package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.cascade.Proportion;
import dev.phistream.client.TopicReader;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.config.SettingsLoader;
import dev.phistream.event.Classification;
import dev.phistream.event.Tier;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.runtime.Serving;
import dev.phistream.schema.UnreadableRecordException;
import dev.phistream.text.EventText;
import dev.phistream.wire.ClassificationJson;
import dev.phistream.wire.ResultReader;
import dev.phistream.wire.SchemaRegistryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
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
      "Show committed labels from the beginning of their topics.",
      "The command joins no consumer group, so it does not disturb other readers."
    })
final class ResultsCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Mixin private ReadOptions reading = new ReadOptions();

  @Option(
      names = "--topic",
      paramLabel = "T",
      description =
          "A topic of labels (default: those of setting topics.labels). You may repeat it.")
  private List<String> topics = List.of();

  @Option(names = "--tier", paramLabel = "TIER", description = "Read only the topic of this tier.")
  private @Nullable Tier tier;

  @Option(
      names = "--schema-registry",
      paramLabel = "URL",
      description =
          "The schema registry, if results are in the Confluent wire format; short for --set"
              + " schema-registry.url=….")
  private @Nullable String registry;

  @Option(
      names = "--labels",
      paramLabel = "CSV",
      description =
          "What the sent images show: columns file and class_index. Prints at the end how many"
              + " labels of each variant are right.")
  private @Nullable Path truth;

  private final Map<String, Tally> tallies = new TreeMap<>();
  private boolean unreadable;

  /** Results of one tier and variant. */
  private static final class Tally {
    private int right;
    private int known;
  }

  ResultsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException, ClusterException, ModelException, CommandException {
    reading.check(spec);
    checkUsage();
    TrueLabels labels = truth == null ? null : TrueLabels.read(truth);
    Settings settings = settings();
    try (ResultReader results = new ResultReader(settings.schemaRegistry().url().orElse(null));
        TopicReader reader =
            TopicReader.open(new KafkaConnection(settings.kafka()), names(settings))) {
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
                print(record, results, table, labels);
                return true;
              });
      tallies.forEach(
          (name, tally) ->
              (reading.json() ? console.err() : console.out())
                  .println(Accuracy.text(name, new Proportion(tally.right, tally.known))));
      return unreadable ? 1 : code;
    }
  }

  private Settings settings() throws ConfigException {
    SettingsLoader loader = options.loader().connecting();
    return options.load(
        registry == null
            ? loader
            : loader.withOption("--schema-registry", "schema-registry.url", registry));
  }

  private void checkUsage() {
    if (!topics.isEmpty() && tier != null) {
      throw new ParameterException(spec.commandLine(), "--tier: with --topic (expected: one)");
    }
    if (tier == Tier.DEFAULT) {
      throw new ParameterException(
          spec.commandLine(), "--tier: default (expected: latency, balanced or accuracy)");
    }
  }

  private List<String> names(Settings settings) throws ModelException {
    if (!topics.isEmpty()) {
      return topics;
    }
    String template = settings.topics().labels();
    List<String> variants =
        template.contains("{variant}")
            ? Serving.cards(settings).values().stream().map(ModelCard::variant).toList()
            : List.of("");
    return Arrays.stream(Tier.values())
        .filter(any -> any != Tier.DEFAULT && (tier == null || tier == any))
        .flatMap(
            any ->
                variants.stream()
                    .map(
                        variant ->
                            template
                                .replace("{tier}", LabelText.tier(any))
                                .replace("{variant}", variant)))
        .distinct()
        .toList();
  }

  private void count(Classification result, TrueLabels labels) {
    OptionalInt expected = labels.ofEvent(String.valueOf(result.getEventId()));
    if (expected.isPresent()) {
      String name = LabelText.tier(result.getRequestedTier()) + ", " + result.getVariant();
      Tally tally = tallies.computeIfAbsent(name, any -> new Tally());
      tally.known++;
      tally.right +=
          !result.getLabels().isEmpty()
                  && result.getLabels().get(0).getIndex() == expected.getAsInt()
              ? 1
              : 0;
    }
  }

  private void print(
      ConsumerRecord<byte[], byte[]> record,
      ResultReader results,
      Columns table,
      @Nullable TrueLabels labels)
      throws ClusterException {
    String place = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    try {
      Classification result = results.read(record.value());
      if (labels != null) {
        count(result, labels);
      }
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
      throw new ClusterException("%s: %s".formatted(place, e.getMessage()), e);
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
