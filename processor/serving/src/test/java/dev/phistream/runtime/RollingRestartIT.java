package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.event.Classification;
import dev.phistream.event.ImageReference;
import dev.phistream.model.ModelException;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.TinyModels;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Instances come and go, and those that stay keep what they have. */
@Timeout(120)
@ExtendWith(BrokerKit.Extension.class)
class RollingRestartIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;

  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final String name;

  RollingRestartIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.name = kafka.unique("rolling");
  }

  @BeforeAll
  static void one_small_network() throws Exception {
    TinyModels.write(models, "small", -12);
  }

  @BeforeEach
  void topics() {
    kafka.createTopics(PARTITIONS, name, labels(), name + "-dead-letters");
  }

  @Test
  void an_instance_with_a_name_gets_its_partitions_back_and_no_others_move() throws Exception {
    try (StreamProcessor stays = start(Map.of("instance-id", "b"))) {
      String staying = clients().iterator().next();
      StreamProcessor goes = start(Map.of("instance-id", "a"));
      Map<String, Set<Integer>> before = awaitPartitions(2);
      double rebalances = rebalances(staying);
      goes.close();
      send(0, 20);

      try (StreamProcessor returned = start(Map.of("instance-id", "a"))) {
        returned.running().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        awaitLabels(20);

        assertThat(awaitPartitions(2)).isEqualTo(before);
        assertThat(rebalances(staying)).isEqualTo(rebalances);
        assertThat(stays.ended()).isNotDone();
      }
    }
  }

  @Test
  void an_instance_without_a_name_leaves_and_the_others_take_over_at_once() throws Exception {
    try (StreamProcessor stays = start(Map.of())) {
      StreamProcessor goes = start(Map.of());
      awaitPartitions(2);

      goes.close();

      awaitPartitions(1);
      send(0, 20);
      awaitLabels(20);
      assertThat(stays.ended()).isNotDone();
    }
  }

  @Test
  void a_name_that_two_instances_have_ends_the_older_one_with_a_reason() throws Exception {
    try (StreamProcessor older = start(Map.of("instance-id", "a"));
        StreamProcessor newer = start(Map.of("instance-id", "a"))) {
      assertThatThrownBy(() -> older.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining(
              "instance-id: a (expected: a name that no other instance of %s has", name);
      assertThat(newer.ended()).isNotDone();
    }
  }

  @Test
  void an_instance_whose_models_do_not_load_never_joins_the_group() throws Exception {
    var broken = TinyModels.write(models, "broken", "small", -12, 1);
    Files.write(models.resolve(broken.id()).resolve("model.safetensors"), new byte[1000]);
    try (StreamProcessor stays = start(Map.of())) {
      String staying = clients().iterator().next();
      double rebalances = rebalances(staying);

      assertThatThrownBy(() -> StreamProcessor.start(config(Map.of("models", broken.id()))))
          .isInstanceOf(ModelException.class);

      assertThat(members()).hasSize(1);
      assertThat(rebalances(staying)).isEqualTo(rebalances);
      assertThat(stays.ended()).isNotDone();
    }
  }

  @Test
  void draining_ends_in_time_and_what_is_unanswered_is_answered_by_the_next_start()
      throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    HttpServer images =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    images.createContext(
        "/",
        exchange -> {
          asked.countDown();
          awaitQuietly(answer);
          byte[] image = image();
          exchange.sendResponseHeaders(200, image.length);
          exchange.getResponseBody().write(image);
          exchange.close();
        });
    images.start();
    try {
      Map<String, String> settings =
          Map.of(
              "references.allowed-hosts", "localhost",
              "references.timeout", "60s",
              "kafka.transaction.timeout.ms", "90000",
              "drain-timeout", "300ms");
      kafka.send(
          List.of(
              new ProducerRecord<>(
                  name, 0, null, reference("slow", images.getAddress().getPort()))));
      StreamProcessor first = start(settings);
      assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

      long begun = System.nanoTime();
      first.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
      assertThat(kafka.readAll(labels())).isEmpty();
      answer.countDown();
      try (StreamProcessor second = start(settings)) {
        awaitLabels(1);
        assertThat(second.ended()).isNotDone();
      }
    } finally {
      answer.countDown();
      images.stop(0);
    }
  }

  private StreamProcessor start(Map<String, String> special) throws Exception {
    StreamProcessor processor = StreamProcessor.start(config(special));
    processor.running().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return processor;
  }

  private Settings config(Map<String, String> special) throws ConfigException {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap", kafka.bootstrap());
    settings.put("application-id", name);
    settings.put("model-repository", models.toString());
    settings.put("models", "small");
    settings.put("topics.input", name);
    settings.put("topics.labels", labels());
    settings.put("topics.dead-letters", name + "-dead-letters");
    settings.putAll(special);
    return Settings.of(settings);
  }

  private void send(int first, int count) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      records.add(
          new ProducerRecord<>(
              name,
              i % PARTITIONS,
              null,
              SingleObjectCodec.imageEvents()
                  .encode(
                      ImageEvents.builder(
                              "e" + i, "test", Instant.EPOCH, EncodedImages.jpeg(90, 90, i))
                          .build())));
    }
    kafka.send(records);
  }

  private static byte[] image() {
    return EncodedImages.jpeg(90, 90, 1);
  }

  private static byte[] reference(String id, int port) {
    return SingleObjectCodec.imageEvents()
        .encode(
            ImageEvents.builder(
                    id,
                    "test",
                    Instant.EPOCH,
                    new ImageReference(
                        "http://localhost:" + port + "/1.jpg",
                        DigestUtils.sha256Hex(image()),
                        (long) image().length))
                .build());
  }

  /** As many labels as that, and each event once. */
  private void awaitLabels(int count) throws Exception {
    Awaitility.await(count + " labels")
        .atMost(PATIENCE)
        .until(() -> kafka.readAll(labels()).size() >= count);
    List<String> events = new ArrayList<>();
    for (var result : kafka.readAll(labels())) {
      Classification label = SingleObjectCodec.classifications().decode(result.value());
      events.add(label.getEventId());
    }
    assertThat(events).doesNotHaveDuplicates().hasSize(count);
  }

  /** Waits until so many members share all partitions; partitions by the member's name. */
  private Map<String, Set<Integer>> awaitPartitions(int members) {
    Awaitility.await(members + " members share the partitions")
        .atMost(PATIENCE)
        .until(
            () ->
                members().size() == members
                    && members().stream()
                        .allMatch(member -> partitions(member).size() == PARTITIONS / members));
    Map<String, Set<Integer>> partitions = new TreeMap<>();
    members()
        .forEach(
            member ->
                partitions.put(
                    member.groupInstanceId().orElse(member.consumerId()), partitions(member)));
    return partitions;
  }

  private static Set<Integer> partitions(MemberDescription member) {
    return member.assignment().topicPartitions().stream()
        .map(partition -> partition.partition())
        .collect(Collectors.toSet());
  }

  /** Of the group while nobody moves, else none. */
  private List<MemberDescription> members() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
      ConsumerGroupDescription group =
          Objects.requireNonNull(
              admin
                  .describeConsumerGroups(List.of(name))
                  .all()
                  .get(20, TimeUnit.SECONDS)
                  .get(name));
      return group.groupState() == GroupState.STABLE ? List.copyOf(group.members()) : List.of();
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("the group", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Names of the running processors' consumers. */
  private Set<String> clients() throws JMException {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    return beans
        .queryNames(
            new ObjectName(
                "kafka.consumer:type=consumer-coordinator-metrics,client-id=" + name + "-*"),
            null)
        .stream()
        .map(bean -> bean.getKeyProperty("client-id"))
        .filter(client -> client.endsWith("StreamThread-1-consumer"))
        .collect(Collectors.toSet());
  }

  private static double rebalances(String client) throws JMException {
    return (double)
        ManagementFactory.getPlatformMBeanServer()
            .getAttribute(
                new ObjectName(
                    "kafka.consumer:type=consumer-coordinator-metrics,client-id=" + client),
                "rebalance-total");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      var unused = latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String labels() {
    return name + "-labels";
  }
}
