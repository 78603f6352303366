package dev.phistream.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.event.Classification;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.EncodedPictures;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Replays in this process, against a real Kafka, with small random networks. */
@Timeout(120)
@ExtendWith(BrokerKit.Extension.class)
class ReplayCommandIT {
  private static final SingleObjectCodec<ImageEvent> EVENTS = SingleObjectCodec.imageEvents();
  private static final Instant DAY = Instant.parse("2026-11-01T00:00:00Z");
  private static final int PARTITIONS = 3;
  private static final byte[] PICTURE = EncodedPictures.jpeg(64, 64, 1);

  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final String topic;
  private final String out;

  ReplayCommandIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.topic = kafka.unique("images");
    this.out = kafka.unique("backfill");
    kafka.createTopics(PARTITIONS, topic);
  }

  @BeforeAll
  static void small_networks() throws Exception {
    TinyModels.write(models, "small", -12);
    TinyModels.write(models, "large", -11);
  }

  @Test
  void a_range_of_time_is_labelled_by_the_variant_once_and_the_report_says_so() throws Exception {
    send(IntStream.range(0, 60).mapToObj(i -> event(i, PICTURE)).toList());
    send(List.of(event(60, new byte[] {1, 2, 3})));

    CommandRun run = replay("--from", time(10), "--to", time(61), "--variant", "large", "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.path("labelled").longValue()).isEqualTo(50);
    assertThat(report.path("deadLettersInAll").longValue()).isEqualTo(1);
    List<Classification> labels = labels();
    assertThat(labels.stream().map(Classification::getEventId))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(10, 60).mapToObj(String::valueOf).toList());
    assertThat(labels).allMatch(label -> label.getVariant().equals("large"));
    assertThat(kafka.readAll(out + ".dead-letters")).hasSize(1);

    CommandRun again = replay("--from", time(10), "--to", time(61), "--variant", "large");
    assertThat(again.code()).isZero();
    assertThat(again.err()).contains("finished already");
    assertThat(again.out()).contains("labelled     50");
    assertThat(labels()).hasSize(50);

    CommandRun other = replay("--from", time(10), "--to", time(61), "--variant", "small");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("--variant large, not small").contains("--restart");

    CommandRun restarted =
        replay("--from", time(10), "--to", time(61), "--variant", "small", "--restart", "--strict");
    assertThat(restarted.code()).isEqualTo(1);
    assertThat(labels()).hasSize(100);
  }

  @Test
  void an_empty_range_ends_at_once_and_has_an_output() {
    send(List.of(event(1, PICTURE)));

    CommandRun run = replay("--from", "2027-01-01", "--to", "2027-02-01");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("events       0");
    assertThat(kafka.readAll(out)).isEmpty();
  }

  private CommandRun replay(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "replay",
                "--bootstrap",
                kafka.bootstrap(),
                "--topic",
                topic,
                "--out",
                out,
                "--set=model-repository=" + models,
                "--set=models=small,large",
                "--set=workers=1"));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private List<Classification> labels() throws Exception {
    List<Classification> all = new ArrayList<>();
    for (var record : kafka.readAll(out)) {
      assertThat(BrokerKit.headers(record).get("phistream-replay")).startsWith("phistream-replay-");
      all.add(SingleObjectCodec.classifications().decode(record.value()));
    }
    return all;
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records) {
    kafka.send(records);
  }

  private ProducerRecord<byte[], byte[]> event(int number, byte[] picture) {
    ImageEvent event =
        ImageEvents.builder(
                String.valueOf(number), "camera-" + number % 2, DAY.plusSeconds(number), picture)
            .setTier(Tier.LATENCY)
            .setAttributes(new TreeMap<>(Map.of("shift", number % 3 == 0 ? "night" : "day")))
            .build();
    return new ProducerRecord<>(
        topic,
        number % PARTITIONS,
        DAY.plusSeconds(number).toEpochMilli(),
        String.valueOf(number).getBytes(UTF_8),
        EVENTS.encode(event));
  }

  private static String time(int seconds) {
    return DAY.plusSeconds(seconds).toString();
  }
}
