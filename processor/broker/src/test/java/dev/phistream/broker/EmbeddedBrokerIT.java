package dev.phistream.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phistream.broker.EmbeddedBroker.Options;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.internals.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedBrokerIT {
  private static final String TOPIC = "letters";

  @TempDir Path directory;

  @Test
  void takes_and_gives_records_in_a_transaction() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(Options.temporary())) {
      createTopic(broker);
      sendInTransaction(broker, "a", "b");
      assertThat(readInGroup(broker, 2)).containsExactly("a", "b");
    }
  }

  @Test
  void keeps_topics_records_and_offsets_from_one_start_to_the_next() throws Exception {
    Options kept = Options.temporary().withDataDirectory(directory.resolve("new"));
    try (EmbeddedBroker first = EmbeddedBroker.start(kept)) {
      createTopic(first);
      sendInTransaction(first, "a", "b");
      assertThat(readInGroup(first, 1)).containsExactly("a");
    }
    try (EmbeddedBroker second = EmbeddedBroker.start(kept)) {
      sendInTransaction(second, "c");
      assertThat(readInGroup(second, 2)).containsExactly("b", "c");
    }
  }

  @Test
  void leaves_no_thread_and_no_temporary_directory_behind() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Path temporary;
    try (EmbeddedBroker broker = EmbeddedBroker.start(Options.temporary())) {
      temporary = broker.dataDirectory();
      createTopic(broker);
      sendInTransaction(broker, "a");
      assertThat(temporary).isDirectory();
      assertThat(threadsStartedSince(before)).hasSizeGreaterThan(10);
    }
    assertThat(temporary).doesNotExist();
    awaitEndOfThreadsStartedSince(before);
  }

  @Test
  void leaves_no_thread_behind_when_it_cannot_start() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      assertThatThrownBy(
              () -> EmbeddedBroker.start(Options.temporary().withPort(taken.getLocalPort())))
          .isInstanceOf(BrokerException.class);
    }
    awaitEndOfThreadsStartedSince(before);
  }

  @Test
  void two_brokers_run_side_by_side() throws Exception {
    try (EmbeddedBroker one = EmbeddedBroker.start(Options.temporary());
        EmbeddedBroker other = EmbeddedBroker.start(Options.temporary())) {
      createTopic(one);
      createTopic(other);
      sendInTransaction(one, "one");
      sendInTransaction(other, "other");
      assertThat(readInGroup(one, 1)).containsExactly("one");
      assertThat(readInGroup(other, 1)).containsExactly("other");
    }
  }

  @Test
  void a_taken_port_is_named_with_a_way_out() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedBroker.start(Options.temporary().withPort(port)))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("port " + port)
          .hasMessageContaining("--port");
    }
  }

  @Test
  void a_directory_with_other_files_is_left_alone() throws IOException {
    Files.writeString(directory.resolve("holiday.jpg"), "not a log");
    assertStartFails("not empty");
    assertThat(directory).isDirectoryContaining(file -> file.endsWith("holiday.jpg"));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void a_directory_of_another_cluster_is_refused() throws IOException {
    Files.writeString(
        directory.resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=theirs\n");
    assertStartFails("node 7 of cluster theirs");
  }

  @Test
  void a_file_in_place_of_the_directory_is_refused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> EmbeddedBroker.start(Options.temporary().withDataDirectory(file)))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void a_directory_in_use_by_another_broker_is_refused() throws Exception {
    Options kept = Options.temporary().withDataDirectory(directory);
    try (EmbeddedBroker broker = EmbeddedBroker.start(kept)) {
      assertStartFails("in use by another broker");
      createTopic(broker); // which is none the worse for it
    }
  }

  @Test
  void corrupt_metadata_is_reported_and_does_not_end_the_process() throws Exception {
    Options kept = Options.temporary().withDataDirectory(directory);
    EmbeddedBroker.start(kept).close();
    try (Stream<Path> files = Files.walk(directory.resolve("__cluster_metadata-0"))) {
      for (Path log : files.filter(f -> f.toString().matches(".*(\\.log|quorum-state)")).toList()) {
        overwrite(log);
      }
    }
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    assertStartFails("does not start");
    awaitEndOfThreadsStartedSince(before);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void what_would_halt_the_process_is_a_failure_of_the_broker() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(Options.temporary())) {
      assertThat(broker.failure()).isNotDone();
      assertThatThrownBy(() -> Exit.halt(1, "all log directories failed"))
          .isInstanceOf(IllegalStateException.class);
      assertThat(broker.failure().get()).hasMessageContaining("all log directories failed");
    }
  }

  private void assertStartFails(String reason) {
    assertThatThrownBy(() -> EmbeddedBroker.start(Options.temporary().withDataDirectory(directory)))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining(reason);
  }

  private static void overwrite(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] garbage = "{ this is not what was here".repeat(10).getBytes(StandardCharsets.UTF_8);
      bytes.setLength(0);
      bytes.write(garbage);
    }
  }

  private static void awaitEndOfThreadsStartedSince(Set<Thread> before) {
    await()
        .atMost(Duration.ofSeconds(5))
        .pollInSameThread()
        .untilAsserted(() -> assertThat(threadsStartedSince(before)).isEmpty());
  }

  private static Set<Thread> threadsStartedSince(Set<Thread> before) {
    Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
    started.removeAll(before);
    // Yammer's clock is static and stays for the next broker.
    started.removeIf(thread -> thread.getName().startsWith("metrics-meter-tick-thread"));
    return started;
  }

  private static void createTopic(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
          .all()
          .get(20, TimeUnit.SECONDS);
    }
  }

  private static void sendInTransaction(EmbeddedBroker broker, String... values) throws Exception {
    try (Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "test"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (String value : values) {
        producer.send(new ProducerRecord<>(TOPIC, value)).get(20, TimeUnit.SECONDS);
      }
      producer.commitTransaction();
    }
  }

  private static List<String> readInGroup(EmbeddedBroker broker, int count) {
    try (Consumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "group.id",
                "readers",
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                count),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      List<String> values = new ArrayList<>();
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInSameThread()
          .until(
              () -> {
                for (ConsumerRecord<String, String> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  values.add(record.value());
                }
                return values.size() >= count;
              });
      consumer.commitSync();
      return values;
    }
  }
}
