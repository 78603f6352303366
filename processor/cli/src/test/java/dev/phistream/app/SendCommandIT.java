package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.ImageReference;
import dev.phistream.event.Tier;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(BrokerKit.Extension.class)
class SendCommandIT {
  private static final Instant TAKEN = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;

  private final BrokerKit kafka;
  private final String topic;

  SendCommandIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.topic = kafka.createTopic("images");
  }

  @BeforeEach
  void three_images_and_a_note() throws IOException {
    Files.createDirectory(folder.resolve("deeper"));
    write("a.jpg", "image a");
    write("b.PNG", "image b");
    write("deeper/c.webp", "image c");
    write("notes.txt", "no image");
  }

  @Test
  void every_image_of_a_folder_becomes_an_event_keyed_by_its_id() throws Exception {
    CommandRun run = send(folder.toString(), "--tier", "latency", "--top-k", "3");

    assertThat(run.err()).isEqualTo("passed over as no images: 1\n");
    assertThat(run.lines()).containsExactly("acknowledged 3 of 3");
    assertThat(run.code()).isZero();
    List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll(topic);
    assertThat(records).hasSize(3);
    ImageEvent first = event(records.get(0));
    assertThat(first.getId()).startsWith("a.jpg-1-");
    assertThat(text(records.get(0).key())).isEqualTo(first.getId());
    assertThat(first.getImage()).isEqualTo(bytes("image a"));
    assertThat(first.getCapturedAt()).isEqualTo(TAKEN);
    assertThat(first.getContentType()).isEqualTo("image/jpeg");
    assertThat(first.getTier()).isEqualTo(Tier.LATENCY);
    assertThat(first.getTopK()).isEqualTo(3);
    assertThat(first.getVariant()).isNull();
    assertThat(event(records.get(1)).getContentType()).isEqualTo("image/png");
    assertThat(event(records.get(2)).getImage()).isEqualTo(bytes("image c"));
  }

  @Test
  void repeats_are_events_of_their_own() {
    assertThat(send(folder.resolve("a.jpg").toString(), "--repeat", "50").lines())
        .containsExactly("acknowledged 50 of 50");
    send(folder.resolve("a.jpg").toString());
    assertThat(kafka.readAll(topic))
        .extracting(SendCommandIT::event)
        .extracting(ImageEvent::getId)
        .doesNotHaveDuplicates()
        .hasSize(51);
  }

  @Test
  void one_key_can_be_given_for_all() {
    send(folder.toString(), "--key", "camera 7");
    assertThat(kafka.readAll(topic)).extracting(r -> text(r.key())).containsOnly("camera 7");
  }

  @Test
  void raw_events_are_the_image_with_the_rest_in_headers() {
    CommandRun run =
        send(
            folder.resolve("a.jpg").toString(),
            "--raw",
            "--tier=accuracy",
            "--variant=b1",
            "--budget-ms=20",
            "--top-k=2",
            "--source=gate");
    assertThat(run.code()).isZero();
    ConsumerRecord<byte[], byte[]> record = kafka.readAll(topic).get(0);
    assertThat(text(record.value())).isEqualTo("image a");
    assertThat(record.timestamp()).isEqualTo(TAKEN.toEpochMilli());
    assertThat(BrokerKit.headers(record))
        .containsEntry("source", "gate")
        .containsEntry("content-type", "image/jpeg")
        .containsEntry("tier", "accuracy")
        .containsEntry("variant", "b1")
        .containsEntry("budget-ms", "20")
        .containsEntry("top-k", "2")
        .hasEntrySatisfying("id", id -> assertThat(id).startsWith("a.jpg-1-"));
  }

  @Test
  void references_say_where_the_image_is_and_what_it_must_be() {
    assertThat(send(folder.resolve("a.jpg").toString(), "--uri").code()).isZero();
    assertThat(event(kafka.readAll(topic).get(0)).getImage())
        .isInstanceOfSatisfying(
            ImageReference.class,
            reference -> {
              assertThat(Path.of(URI.create(reference.getUri())))
                  .hasContent("image a")
                  .isAbsolute();
              assertThat(reference.getSize()).isEqualTo(7);
              assertThat(reference.getSha256())
                  .isEqualTo("a854f481d4cb2479ff869f3a33763e4c3e8d6b5727f909d774fdd5f37690baeb");
            });
  }

  @Test
  void what_cannot_be_sent_is_named_and_the_rest_is_sent() throws IOException {
    write("empty.jpg", "");
    CommandRun run = send(folder.toString());
    assertThat(run.err()).contains("empty.jpg: empty (expected: an image)");
    assertThat(run.lines()).containsExactly("acknowledged 3 of 4");
    assertThat(run.code()).isEqualTo(1);
    assertThat(kafka.readAll(topic)).hasSize(3);
  }

  @Test
  void a_image_too_large_for_the_topic_is_reported_with_a_remedy() throws IOException {
    Files.write(folder.resolve("large.jpg"), new byte[17 * 1024 * 1024]);
    CommandRun run = send(folder.toString());
    assertThat(run.err()).contains("large.jpg").contains("max.message.bytes");
    assertThat(run.lines()).containsExactly("acknowledged 3 of 4");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void the_outcome_can_be_had_as_json() throws IOException {
    write("empty.jpg", "");
    CommandRun run = send(folder.toString(), "--json");
    assertThat(run.lines()).hasSize(1);
    assertThat(run.out())
        .startsWith("{\"acknowledged\":3,\"total\":4,\"failed\":1,\"passedOver\":1,\"failures\":[{")
        .contains("empty.jpg");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  @Timeout(15)
  void a_missing_topic_is_named_with_the_broker_and_a_remedy() {
    CommandRun run =
        CommandRun.of(
            "send", folder.toString(), "--bootstrap", kafka.bootstrap(), "--topic", "nowhere");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("topic nowhere: not on " + kafka.bootstrap())
        .contains("phistream run");
  }

  @Test
  @Timeout(15)
  void a_broker_that_is_not_there_is_named_with_a_remedy() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      port = free.getLocalPort();
    }
    CommandRun run = CommandRun.of("send", folder.toString(), "--bootstrap", "localhost:" + port);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("localhost:" + port).contains("--bootstrap HOST:PORT");
  }

  @Test
  @Timeout(30)
  void something_that_listens_but_is_no_kafka_is_given_up_on() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 9, InetAddress.getByName("localhost"))) {
      String address = "localhost:" + mute.getLocalPort();
      CommandRun run = CommandRun.of("send", folder.toString(), "--bootstrap", address);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).contains(address).contains("no answer");
    }
  }

  @Test
  void misuse_is_told_from_failure() throws IOException {
    assertThat(send(folder.toString(), "--raw", "--uri").code()).isEqualTo(2);
    assertThat(send(folder.toString(), "--repeat", "0").err()).contains("--repeat: 0");
    assertThat(send(folder.toString(), "--budget-ms", "0").err()).contains("--budget-ms: 0");
    assertThat(CommandRun.of("send", "x.jpg", "--bootstrap", "here").err())
        .contains("bootstrap: here (expected: HOST:PORT");
    Path barren = Files.createDirectory(folder.resolve("barren"));
    assertThat(send(barren.toString()).err()).contains("no images");
    assertThat(send(folder.resolve("gone").toString()).err()).contains("gone");
  }

  private CommandRun send(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("send", "--bootstrap", kafka.bootstrap(), "--topic", topic));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private void write(String file, String content) throws IOException {
    Path path = Files.writeString(folder.resolve(file), content);
    Files.setLastModifiedTime(path, FileTime.from(TAKEN));
  }

  private static ImageEvent event(ConsumerRecord<byte[], byte[]> record) {
    try {
      return SingleObjectCodec.imageEvents().decode(record.value());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
