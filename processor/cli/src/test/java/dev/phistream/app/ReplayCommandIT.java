package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.event.Classification;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Replays in this process, against a real Kafka, with small random networks. */
@Timeout(120)
@ExtendWith(BrokerKit.Extension.class)
class ReplayCommandIT {
  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final ReplayBed bed;

  ReplayCommandIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.bed = new ReplayBed(kafka, models);
  }

  @BeforeAll
  static void small_networks() throws Exception {
    TinyModels.write(models, "small", -12);
    TinyModels.write(models, "large", -11);
  }

  @Test
  void a_range_of_time_is_labelled_by_the_variant_once_and_the_report_says_so() throws Exception {
    bed.send(60);
    kafka.send(List.of(bed.event(60, 0, ReplayBed.DAY.plusSeconds(60), new byte[] {1, 2, 3})));
    String[] range = {"--from", ReplayBed.time(10), "--to", ReplayBed.time(61)};

    CommandRun run = bed.replay(with(range, "--variant", "large", "--json"));

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.path("labelled").longValue()).isEqualTo(50);
    assertThat(report.path("deadLettersInAll").longValue()).isEqualTo(1);
    assertThat(bed.labelled()).isEqualTo(IntStream.range(10, 60).boxed().toList());
    assertThat(bed.labels().stream().map(Classification::getVariant)).containsOnly("large");
    assertThat(kafka.readAll(bed.out + ".dead-letters"))
        .hasSize(1)
        .allSatisfy(
            letter ->
                assertThat(BrokerKit.headers(letter).get("phistream-replay"))
                    .startsWith("phistream-replay-"));

    CommandRun again = bed.replay(with(range, "--variant", "large"));
    assertThat(again.code()).isZero();
    assertThat(again.err()).contains("finished already");
    assertThat(again.out()).contains("labelled     50");
    assertThat(bed.labels()).hasSize(50);

    CommandRun other = bed.replay(with(range, "--variant", "small"));
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("--variant large, not small").contains("--restart");

    CommandRun restarted = bed.replay(with(range, "--variant", "small", "--restart", "--strict"));
    assertThat(restarted.code()).isEqualTo(1);
    assertThat(bed.labels()).hasSize(100);
  }

  @Test
  void an_empty_range_ends_at_once_and_has_an_output_that_keeps_old_labels() throws Exception {
    bed.send(1);

    CommandRun run = bed.replay("--from", "2027-01-01", "--to", "2027-02-01");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("events       0");
    assertThat(bed.labels()).isEmpty();
    // Labels are as old as their events, and shall not be deleted for it.
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
      ConfigResource out = new ConfigResource(ConfigResource.Type.TOPIC, bed.out);
      assertThat(admin.describeConfigs(List.of(out)).all().get(20, TimeUnit.SECONDS).values())
          .extracting(config -> Objects.requireNonNull(config.get("retention.ms")).value())
          .containsExactly("-1");
    }
  }

  @Test
  void sources_tiers_attributes_and_samples_choose_events() throws Exception {
    bed.send(120);

    CommandRun run =
        bed.replay(
            "--from=earliest",
            "--to=latest",
            "--source=camera-1",
            "--tier=accuracy",
            "--attribute=shift=night",
            "--sample=0.5",
            "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    JsonNode skipped = report.path("skipped");
    assertThat(report.path("read").longValue()).isEqualTo(120);
    assertThat(bed.labelled())
        .isNotEmpty()
        .allMatch(number -> number % 2 == 1 && number % 3 == 0)
        .hasSize(report.path("labelled").intValue())
        .hasSizeLessThan(20);
    assertThat(skipped.path("sample").longValue()).isBetween(30L, 90L);
    assertThat(skipped.path("source").longValue()).isPositive();
    assertThat(skipped.path("tier").longValue()).isPositive();
    assertThat(report.path("labelled").longValue() + report.path("skippedInAll").longValue())
        .isEqualTo(120);
  }

  @Test
  void earlier_results_choose_events_and_are_compared_with() throws Exception {
    bed.send(40);
    String results = kafka.createTopic("labels");
    kafka.send(
        IntStream.range(0, 30)
            .<ProducerRecord<byte[], byte[]>>mapToObj(
                number ->
                    number % 3 == 0
                        ? bed.result(results, number, "unicorn", 0.5)
                        : number % 3 == 1
                            ? bed.result(results, number, "bee", 0.4)
                            : bed.result(results, number, "bee", 0.9))
            .toList());

    CommandRun run =
        bed.replay(
            "--from=earliest",
            "--to=latest",
            "--previous-topic=" + results,
            "--below=0.6",
            "--or-without-result",
            "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(bed.labelled())
        .isEqualTo(IntStream.range(0, 40).filter(n -> n >= 30 || n % 3 != 2).boxed().toList());
    assertThat(report.path("skipped").path("previous-score").longValue()).isEqualTo(10);
    String now = bed.labels().get(0).getLabels().get(0).getLabel();
    assertThat(report.path("changes"))
        .anySatisfy(
            change -> {
              assertThat(change.path("before").textValue()).isEqualTo("unicorn");
              assertThat(change.path("now").textValue()).isEqualTo(now);
              assertThat(change.path("events").longValue()).isEqualTo(10);
            });
    assertThat(report.path("sameLabel").longValue()).isEqualTo(now.equals("bee") ? 10 : 0);
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }
}
