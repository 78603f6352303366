package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.runtime.FreshTopics;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Offsets without events, in all the ways in which a log comes by them. */
@Timeout(120)
@ExtendWith(BrokerKit.Extension.class)
class ReplayGapsIT {
  private static final Instant DAY = ReplayBed.DAY;

  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final ReplayBed bed;

  ReplayGapsIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.bed = new ReplayBed(kafka, models);
  }

  @BeforeAll
  static void small_networks() throws Exception {
    TinyModels.write(models, "small", -12);
    TinyModels.write(models, "large", -11);
  }

  @Test
  void transactions_that_are_aborted_or_open_and_times_out_of_order_are_no_obstacle()
      throws Exception {
    // Partition 0 ends with an aborted transaction, as 1 begins; 1 and 2 have times out of order.
    transaction(0, true, 0, 1, 2);
    transaction(0, false, 3, 4);
    transaction(1, false, 5, 6, 7);
    kafka.send(
        List.of(
            bed.event(10, 2, DAY.plusSeconds(1)),
            bed.event(11, 2, DAY.minusSeconds(50)),
            bed.event(12, 2, DAY.plusSeconds(2)),
            bed.event(13, 2, DAY.plusSeconds(5000)),
            bed.event(14, 2, DAY.plusSeconds(3))));
    // A clock was wrong once, and everything behind it is of the range.
    kafka.send(List.of(bed.event(30, 1, DAY.plusSeconds(90_000))));
    kafka.send(IntStream.range(31, 80).mapToObj(n -> bed.event(n, 1, DAY.plusSeconds(n))).toList());
    try (Producer<byte[], byte[]> open = transactional()) {
      open.beginTransaction();
      open.send(bed.event(20, 2, DAY.plusSeconds(4))).get(20, TimeUnit.SECONDS);

      CommandRun run = bed.replay("--from=" + DAY, "--to=" + DAY.plusSeconds(100), "--json");

      assertThat(run.code()).as(run.err()).isZero();
      assertThat(bed.labelled())
          .containsExactlyElementsOf(
              IntStream.concat(IntStream.of(0, 1, 2, 10, 12, 14), IntStream.range(31, 80))
                  .boxed()
                  .toList());
      JsonNode report = new ObjectMapper().readTree(run.out());
      assertThat(report.path("skipped").path("time").longValue()).isEqualTo(3);
      open.abortTransaction();
    }
  }

  @Test
  void segments_deleted_during_the_run_are_reported_and_not_waited_for() throws Exception {
    bed.send(300);
    CompletableFuture<CommandRun> run =
        CompletableFuture.supplyAsync(
            () ->
                bed.replay(
                    "--from=earliest",
                    "--to=latest",
                    "--rate=8",
                    "--set=window.events=1",
                    // So that what is deleted has not been fetched before.
                    "--set=kafka.max.partition.fetch.bytes=4000",
                    "--set=kafka.fetch.max.bytes=4000",
                    "--set=kafka.buffered.records.per.partition=1",
                    "--json"));
    Awaitility.await("first labels")
        .atMost(Duration.ofSeconds(60))
        .until(() -> topicExists(bed.out) && !bed.labels().isEmpty());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
      Map<TopicPartition, RecordsToDelete> all =
          Map.of(
              new TopicPartition(bed.topic, 0), RecordsToDelete.beforeOffset(95),
              new TopicPartition(bed.topic, 1), RecordsToDelete.beforeOffset(100),
              new TopicPartition(bed.topic, 2), RecordsToDelete.beforeOffset(98));
      admin.deleteRecords(all).all().get(20, TimeUnit.SECONDS);
    }

    CommandRun ended = run.get(60, TimeUnit.SECONDS);

    assertThat(ended.code()).as(ended.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(ended.out());
    assertThat(report.path("labelled").longValue() + report.path("deletedOffsets").longValue())
        .as("%s", report)
        .isEqualTo(300);
    assertThat(report.path("deletedOffsets").longValue()).isGreaterThan(100);
    assertThat(bed.labelled()).contains(299, 296).doesNotHaveDuplicates();
  }

  @Test
  void a_compacted_topic_has_what_is_left_labelled() throws Exception {
    String compacted = kafka.unique("compacted");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(compacted, Optional.of(1), Optional.empty())
                      .configs(
                          Map.of(
                              "cleanup.policy", "compact",
                              "min.cleanable.dirty.ratio", "0.01",
                              "segment.ms", "100",
                              "delete.retention.ms", "0"))))
          .all()
          .get(20, TimeUnit.SECONDS);
      FreshTopics.await(admin, List.of(compacted), Duration.ofSeconds(20));
    }
    List<ProducerRecord<byte[], byte[]>> versions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ProducerRecord<byte[], byte[]> event = bed.event(i % 4, 0, DAY.plusSeconds(i));
      versions.add(new ProducerRecord<>(compacted, 0, null, event.key(), event.value()));
    }
    kafka.send(versions);
    // Only a segment that is closed is compacted, and another record closes it.
    Awaitility.await("compaction")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              kafka.send(
                  List.of(
                      new ProducerRecord<>(
                          compacted, 0, null, versions.get(0).key(), versions.get(0).value())));
              return kafka.readAll(compacted).size() < 20;
            });

    CommandRun run = bed.replay("--topic", compacted, "--from=0:0", "--to=0:38", "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.path("labelled").longValue())
        .isEqualTo(kafka.readAll(compacted).stream().filter(r -> r.offset() < 38).count())
        .isLessThan(38);
  }

  private boolean topicExists(String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
      return admin.listTopics().names().get(20, TimeUnit.SECONDS).contains(topic);
    }
  }

  private void transaction(int partition, boolean commit, int... events) throws Exception {
    try (Producer<byte[], byte[]> producer = transactional()) {
      producer.beginTransaction();
      for (int event : events) {
        producer
            .send(bed.event(event, partition, DAY.plusSeconds(event)))
            .get(20, TimeUnit.SECONDS);
      }
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  private Producer<byte[], byte[]> transactional() {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "transactional.id",
                kafka.unique("transaction")),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }
}
