package dev.phistream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Classification;
import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.Photographs;
import dev.phistream.testkit.Photographs.Network;
import dev.phistream.testkit.ProcessorProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A ladder of three published MobileNets labels photographs from one topic to another. Each tier
 * gets as many right as the network does by itself.
 */
@Timeout(240)
@ExtendWith(BrokerKit.Extension.class)
class PhotographsIT {
  private static final Map<Tier, Network> LADDER =
      new EnumMap<>(
          Map.of(
              Tier.LATENCY, Network.SMALL,
              Tier.BALANCED, Network.MIDDLE,
              Tier.ACCURACY, Network.LARGE));

  @TempDir private Path models;

  private final BrokerKit kafka;
  private final String name;

  PhotographsIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.name = kafka.unique("photographs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnxruntime", "mxnet"})
  void each_tier_labels_as_many_right_as_its_network(String engine) throws Exception {
    Map<String, Integer> classes = Photographs.classes();
    for (Network network : Network.values()) {
      var unused = network.importInto(models);
    }
    kafka.createTopics(2, input(), name + "-dead-letters");
    kafka.createTopics(2, labelTopics());
    send(classes.keySet());

    try (ProcessorProcess processor = ProcessorProcess.start(settings(engine))) {
      int count = classes.size() * LADDER.size();
      Awaitility.await(count + " results")
          .atMost(Duration.ofMinutes(3))
          .failFast("the processor is alive", processor::checkAlive)
          .until(() -> kafka.readAll(labelTopics()).size() >= count);
    }

    assertThat(kafka.readAll(name + "-dead-letters")).isEmpty();
    LADDER.forEach(
        (tier, network) -> {
          List<Classification> results =
              kafka.readAll(labels(tier)).stream().map(PhotographsIT::read).toList();
          assertThat(results).hasSize(Photographs.COUNT);
          assertThat(results)
              .allSatisfy(result -> assertThat(result.getVariant()).isEqualTo(network.variant()));
          assertThat(right(results, classes))
              .as("photographs that %s labels right on %s", network.id(), engine)
              .isBetween(network.right() - 1, network.right() + 1);
        });
  }

  private static int right(List<Classification> results, Map<String, Integer> classes) {
    return (int)
        results.stream()
            .filter(
                result ->
                    Objects.equals(
                        classes.get(result.getSource()), result.getLabels().get(0).getIndex()))
            .count();
  }

  private void send(Iterable<String> files) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String file : files) {
      byte[] image = Files.readAllBytes(Photographs.folder().resolve(file));
      for (Tier tier : LADDER.keySet()) {
        byte[] event =
            SingleObjectCodec.imageEvents()
                .encode(
                    ImageEvents.builder(file + "-" + tier, file, Instant.EPOCH, image)
                        .setTier(tier)
                        .build());
        records.add(new ProducerRecord<>(input(), null, event));
      }
    }
    kafka.send(records);
  }

  private Map<String, String> settings(String engine) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap", kafka.bootstrap());
    settings.put("application-id", name);
    settings.put("model-repository", models.toString());
    settings.put("models", String.join(",", LADDER.values().stream().map(Network::id).toList()));
    settings.put("engine", engine);
    settings.put("topics.input", input());
    settings.put("topics.labels", name + "-labels.{tier}");
    settings.put("topics.dead-letters", name + "-dead-letters");
    return settings;
  }

  private String input() {
    return name + "-images";
  }

  private String labels(Tier tier) {
    return name + "-labels." + tier.name().toLowerCase(Locale.ROOT);
  }

  private String[] labelTopics() {
    return LADDER.keySet().stream().map(this::labels).toArray(String[]::new);
  }

  private static Classification read(ConsumerRecord<byte[], byte[]> result) {
    try {
      return SingleObjectCodec.classifications().decode(result.value());
    } catch (UnreadableRecordException e) {
      throw new AssertionError("a result that is none", e);
    }
  }
}
