package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.event.Classification;
import dev.phistream.event.Label;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.event.Tier;
import dev.phistream.event.Timings;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.wire.ClassificationJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(BrokerKit.Extension.class)
class ResultsCommandIT {
  private final BrokerKit kafka;
  private final String topic;

  ResultsCommandIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.topic = kafka.createTopic("labels");
  }

  @Test
  void results_are_a_table_for_people() {
    send(avro("cat.jpg-1"));
    CommandRun run = results();
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(2);
    assertThat(run.lines().get(0)).startsWith("event ").endsWith("labels");
    assertThat(run.lines().get(1))
        .matches("cat\\.jpg-1 +latency +b0 +8 +33\\.9 +cat 90 %  cup 10 %");
  }

  @Test
  void a_smaller_variant_than_wanted_is_told_with_its_reason() {
    send(SingleObjectCodec.classifications().encode(result("cat.jpg-1", "overload")));
    assertThat(results().lines().get(1)).endsWith("(overload)");
  }

  @Test
  void json_is_the_classification_and_its_place() throws Exception {
    send(avro("one"), json("two"));
    CommandRun run = results("--json");
    assertThat(run.code()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : run.lines()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).path("eventId").textValue()).isEqualTo("one");
    assertThat(lines.get(0).path("labels").path(0).path("label").textValue()).isEqualTo("cat");
    assertThat(lines.get(0).path("origin").path("offset").longValue()).isEqualTo(12);
    assertThat(lines.get(0).path("topic").textValue()).isEqualTo(topic);
    assertThat(lines.get(0).path("partition").intValue()).isZero();
    assertThat(lines.get(0).path("offset").longValue()).isZero();
    assertThat(lines.get(1).path("eventId").textValue()).isEqualTo("two");
    assertThat(lines.get(1).path("offset").longValue()).isEqualTo(1);
  }

  @Test
  void an_empty_topic_has_no_results() {
    CommandRun run = results();
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEmpty();
  }

  @Test
  void count_waits_for_what_is_still_to_come() throws Exception {
    send(avro("early"));
    CompletableFuture<CommandRun> reading =
        CompletableFuture.supplyAsync(() -> results("--count=2", "--json"));
    assertThat(reading).isNotDone();
    send(avro("late"));
    CommandRun run = reading.get(30, TimeUnit.SECONDS);
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(2);
    assertThat(run.lines().get(1)).contains("\"late\"");
  }

  @Test
  void count_takes_no_more_than_asked_for() {
    send(avro("one"), avro("two"), avro("three"));
    assertThat(results("--count=2", "--json").lines()).hasSize(2);
  }

  @Test
  void too_few_within_the_timeout_is_a_failure_that_says_how_many() {
    send(avro("only"));
    CommandRun run = results("--count=3", "--timeout=1", "--json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines()).hasSize(1);
    assertThat(run.err()).contains("1 of 3 results within 1 s");
  }

  @Test
  void follow_goes_on_with_what_comes() throws Exception {
    send(avro("early"));
    CompletableFuture<CommandRun> reading =
        CompletableFuture.supplyAsync(() -> results("--follow", "--timeout=5", "--json"));
    send(avro("late"));
    CommandRun run = reading.get(30, TimeUnit.SECONDS);
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(2);
  }

  @Test
  void only_what_is_committed_is_shown_and_the_end_is_found_behind_transaction_marks() {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", topic),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, avro("aborted"));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      send(producer, avro("committed"));
      producer.commitTransaction();
    }
    CommandRun run = results("--json");
    assertThat(run.lines()).hasSize(1);
    assertThat(run.out()).contains("\"committed\"");
  }

  @Test
  void reading_leaves_no_consumer_group_behind()
      throws ExecutionException, InterruptedException, TimeoutException {
    send(avro("one"));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
      int before = admin.listGroups().all().get(20, TimeUnit.SECONDS).size();
      results();
      assertThat(admin.listGroups().all().get(20, TimeUnit.SECONDS)).hasSize(before);
    }
  }

  @Test
  void a_record_that_is_no_result_is_named_and_the_others_are_shown() {
    send("what?".getBytes(StandardCharsets.UTF_8), avro("good"));
    CommandRun run = results("--json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(topic + "-0@0");
    assertThat(run.lines()).hasSize(2);
    assertThat(run.lines().get(0)).contains("\"error\"");
    assertThat(run.lines().get(1)).contains("\"good\"");
  }

  @Test
  void missing_topics_are_named_with_a_remedy() {
    CommandRun run =
        CommandRun.of("results", "--bootstrap", kafka.bootstrap(), "--topic", "labels.nowhere");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("topic labels.nowhere").contains("phistream run");
  }

  @Test
  void misuse_is_told_from_failure() {
    assertThat(results("--count=0").code()).isEqualTo(2);
    assertThat(results("--timeout=0").code()).isEqualTo(2);
    assertThat(results("--tier=latency").code()).isEqualTo(2);
    assertThat(CommandRun.of("results", "--tier=default").code()).isEqualTo(2);
  }

  private CommandRun results(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("results", "--bootstrap", kafka.bootstrap(), "--topic", topic));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private void send(byte[]... values) {
    for (byte[] value : values) {
      kafka.send(List.of(BrokerKit.record(topic, "k", value, Map.of())));
    }
  }

  private void send(Producer<byte[], byte[]> producer, byte[] value) {
    var unused = producer.send(BrokerKit.record(topic, "k", value, Map.of()));
  }

  private static byte[] avro(String id) {
    return SingleObjectCodec.classifications().encode(result(id, null));
  }

  private static byte[] json(String id) {
    return ClassificationJson.bytes(result(id, null));
  }

  private static Classification result(String id, @Nullable String degraded) {
    return Classification.newBuilder()
        .setEventId(id)
        .setSource("camera-7")
        .setLabels(List.of(new Label(3, "cat", 0.9f), new Label(7, "cup", 0.1f)))
        .setVariant("b0")
        .setModel(new ModelReference("efficientnet-b0", "00ff"))
        .setEngine("mxnet")
        .setDevice("cpu")
        .setRequestedTier(Tier.LATENCY)
        .setDegraded(degraded)
        .setBatchSize(8)
        .setTimings(new Timings(1.5, 2.25, 30.1, 33.85, 0.0))
        .setOrigin(new Origin("images", 3, 12L))
        .setClassifiedAt(Instant.parse("2026-11-24T12:00:01.456Z"))
        .setLoad(null)
        .setCascade(null)
        .build();
  }
}
