package dev.phistream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Classification;
import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.ProcessorProcess;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A router and two classifiers, each in a process of its own. The models of the variant that both
 * classifiers serve differ, so that results tell which of them answered.
 */
@Timeout(180)
@ExtendWith(BrokerKit.Extension.class)
class SplitIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PARTITIONS = 2;
  private static final int EVENTS = 150;
  private static final byte[] IMAGE = EncodedImages.jpeg(60, 60, 1);

  @TempDir private Path models;

  private final BrokerKit kafka;
  private final String name;
  private final List<ProcessorProcess> processes = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();

  SplitIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.name = kafka.unique("split");
  }

  @Test
  void load_moves_between_variants_and_classifiers_and_each_event_is_answered_once()
      throws Exception {
    var small = TinyModels.write(models, "small", "small", -11, 1);
    var here = TinyModels.write(models, "large-here", "large", -10, 2);
    var there = TinyModels.write(models, "large-there", "large", -10, 3);
    kafka.createTopics(PARTITIONS, name);

    try {
      ProcessorProcess router = start("router", "small,large-here");
      ProcessorProcess both = start("classifier", "small,large-here");
      ProcessorProcess large =
          start("classifier", "small,large-there", "--variants", there.variant());
      processes.forEach(ProcessorProcess::awaitReady);

      send(EVENTS, Tier.LATENCY);
      await("results of small", () -> answeredBy(small.id()) == EVENTS);

      send(EVENTS, Tier.ACCURACY);
      await("results of both that serve large", () -> answeredBy(there.id()) > 0);
      assertThat(large.terminate()).isZero();
      long taken = answeredBy(there.id());
      send(EVENTS, Tier.ACCURACY);
      sendBroken();
      await("all results", () -> labels().size() >= sent.size() && deadLetters().size() >= 2);

      assertThat(answeredBy(there.id())).isEqualTo(taken);
      assertThat(answeredBy(here.id())).isEqualTo(2 * EVENTS - taken);
      assertThat(both.terminate()).isZero();
      assertThat(router.terminate()).isZero();
    } finally {
      processes.forEach(ProcessorProcess::close);
    }

    List<Classification> results = labels();
    assertThat(results.stream().map(Classification::getEventId))
        .containsExactlyInAnyOrderElementsOf(sent);
    assertThat(results).allMatch(result -> result.getOrigin().getTopic().equals(name));
    for (Tier tier : List.of(Tier.LATENCY, Tier.ACCURACY)) {
      assertInOrder(results.stream().filter(r -> r.getRequestedTier() == tier).toList());
    }
    assertThat(deadLetters().stream().map(BrokerKit::headers))
        .allSatisfy(headers -> assertThat(headers).containsEntry("__streams.errors.topic", name))
        .extracting(headers -> headers.get("phistream-error-code"))
        .containsExactlyInAnyOrder("event-unreadable", "image-unsupported");
  }

  /** Results of one tier, and here of one variant, keep the order of each partition. */
  private static void assertInOrder(List<Classification> results) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      int of = partition;
      assertThat(
              results.stream()
                  .filter(result -> result.getOrigin().getPartition() == of)
                  .map(result -> result.getOrigin().getOffset()))
          .isSorted();
    }
  }

  private void send(int events, Tier tier) {
    kafka.send(
        IntStream.range(0, events)
            .mapToObj(i -> event(String.valueOf(sent.size() + i), IMAGE, tier))
            .toList());
    IntStream.range(0, events).forEach(i -> sent.add(String.valueOf(sent.size())));
  }

  /** One event that the router cannot read, and one that its classifier cannot decode. */
  private void sendBroken() {
    kafka.send(
        List.of(
            new ProducerRecord<>(name, 0, null, "no event".getBytes(UTF_8)),
            event("no image", "no image".getBytes(UTF_8), Tier.LATENCY)));
  }

  /** Each partition has keys of its own, so that its results stay in one partition, too. */
  private ProducerRecord<byte[], byte[]> event(String id, byte[] image, Tier tier) {
    int partition = Math.floorMod(id.hashCode(), PARTITIONS);
    return new ProducerRecord<>(
        name,
        partition,
        ("key of " + partition).getBytes(UTF_8),
        SingleObjectCodec.imageEvents()
            .encode(ImageEvents.builder(id, "test", Instant.EPOCH, image).setTier(tier).build()));
  }

  private ProcessorProcess start(String role, String served, String... more) {
    List<String> arguments = new ArrayList<>(List.of("run", "--role", role));
    arguments.addAll(List.of(more));
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap", kafka.bootstrap());
    settings.put("application-id", name);
    settings.put("model-repository", models.toString());
    settings.put("models", served);
    settings.put("tiers.latency.objective", ""); // on a busy machine it would be for single events
    settings.put("topics.input", name);
    settings.put("topics.routed", name + "-{variant}");
    settings.put("topics.labels", name + "-labels-{tier}");
    settings.put("topics.dead-letters", name + "-dead-letters");
    ProcessorProcess process =
        ProcessorProcess.start(arguments, settings, Map.of("PHISTREAM_LOG_LEVEL", "ERROR"));
    processes.add(process);
    return process;
  }

  private void await(String what, BooleanSupplier condition) {
    try {
      Awaitility.await(what)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(condition::getAsBoolean);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "%s did not come, but %d results and %d dead letters; the processes said %s"
              .formatted(
                  what,
                  labels().size(),
                  deadLetters().size(),
                  processes.stream().map(ProcessorProcess::output).toList()),
          e);
    }
  }

  private long answeredBy(String model) {
    return labels().stream().filter(label -> label.getModel().getId().equals(model)).count();
  }

  private List<Classification> labels() {
    return kafka.readAll(name + "-labels-latency", name + "-labels-accuracy").stream()
        .map(SplitIT::read)
        .toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
    return kafka.readAll(name + "-dead-letters");
  }

  private static Classification read(ConsumerRecord<byte[], byte[]> result) {
    try {
      return SingleObjectCodec.classifications().decode(result.value());
    } catch (dev.phistream.schema.UnreadableRecordException e) {
      throw new AssertionError("a result that is none", e);
    }
  }
}
