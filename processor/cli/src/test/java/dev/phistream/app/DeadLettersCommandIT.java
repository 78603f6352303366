package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(BrokerKit.Extension.class)
class DeadLettersCommandIT {
  private static final byte[] BROKEN = {1, 2, 3};
  private static final byte[] EVENT =
      SingleObjectCodec.imageEvents()
          .encode(ImageEvents.builder("cat.jpg-1", "test", Instant.EPOCH, BROKEN).build());

  private final BrokerKit kafka;
  private final String images;
  private final String letters;

  DeadLettersCommandIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.images = kafka.createTopic("images");
    this.letters = kafka.createTopic("dead-letters");
  }

  @BeforeEach
  void a_broken_event_and_a_broken_image() {
    kafka.send(
        List.of(
            letter(BROKEN, "event-unreadable", "not Avro", images),
            letter(EVENT, "image-truncated", "ends too soon", images)));
  }

  @Test
  void letters_are_a_table_for_people() {
    CommandRun run = deadLetters();
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(3);
    assertThat(run.lines().get(1)).matches("0@0 +key +event-unreadable +.*not Avro");
    assertThat(run.lines().get(2)).matches("0@1 +cat\\.jpg-1 +image-truncated +.*ends too soon");
  }

  @Test
  void letters_are_json_objects_for_machines() throws Exception {
    CommandRun run = deadLetters("--json", "--count=2");
    JsonNode second = new ObjectMapper().readTree(run.lines().get(1));
    assertThat(second.path("eventId").textValue()).isEqualTo("cat.jpg-1");
    assertThat(second.path("code").textValue()).isEqualTo("image-truncated");
    assertThat(second.path("message").textValue()).isEqualTo("ends too soon");
    assertThat(second.path("origin").path("topic").textValue()).isEqualTo(images);
    assertThat(second.path("origin").path("partition").intValue()).isEqualTo(2);
    assertThat(second.path("origin").path("offset").longValue()).isEqualTo(17);
    assertThat(second.path("bytes").intValue()).isEqualTo(EVENT.length);
    assertThat(second.path("topic").textValue()).isEqualTo(letters);
    assertThat(second.path("offset").longValue()).isEqualTo(1);
  }

  @Test
  void redriven_events_are_as_they_were_sent_first() {
    CommandRun run = deadLetters("redrive");
    assertThat(run.lines()).containsExactly("redriven 2, passed over 0");
    assertThat(run.code()).isZero();
    List<ConsumerRecord<byte[], byte[]>> again = kafka.readAll(images);
    assertThat(again).extracting(ConsumerRecord::value).containsExactly(BROKEN, EVENT);
    assertThat(again.get(0).key()).containsExactly('k', 'e', 'y');
    assertThat(again.get(0).timestamp()).isEqualTo(1_000);
    assertThat(BrokerKit.headers(again.get(0))).containsExactly(Map.entry("tier", "latency"));
  }

  @Test
  void only_one_code_can_be_redriven() {
    CommandRun run = deadLetters("redrive", "--code", "image-truncated");
    assertThat(run.lines()).containsExactly("redriven 1, passed over 1");
    assertThat(kafka.readAll(images)).extracting(ConsumerRecord::value).containsExactly(EVENT);
  }

  @Test
  void no_more_than_the_limit_is_redriven() {
    assertThat(deadLetters("redrive", "--limit", "1").lines())
        .containsExactly("redriven 1, passed over 0");
    assertThat(kafka.readAll(images)).extracting(ConsumerRecord::value).containsExactly(BROKEN);
  }

  @Test
  void each_redrive_sends_all_again() {
    deadLetters("redrive");
    deadLetters("redrive");
    assertThat(kafka.readAll(images)).hasSize(4);
    assertThat(CommandRun.of("dead-letters", "redrive", "--help").out())
        .containsIgnoringWhitespaces("each run sends all that match again");
  }

  @Test
  void options_may_stand_before_and_behind_redrive() {
    CommandRun run =
        CommandRun.of(
            "dead-letters", "redrive", "--bootstrap", kafka.bootstrap(), "--topic", letters);
    assertThat(run.err()).isEmpty();
    assertThat(run.lines()).containsExactly("redriven 2, passed over 0");
  }

  @Test
  void a_letter_without_origin_stops_the_redrive_and_is_named() {
    kafka.send(List.of(BrokerKit.record(letters, "key", BROKEN, Map.of())));
    CommandRun run = deadLetters("redrive");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(letters + "-0@2").contains("origin topic: null");
  }

  @Test
  void an_origin_that_is_gone_is_named() {
    kafka.send(List.of(letter(EVENT, "lost", "", "nowhere")));
    CommandRun run = deadLetters("redrive", "--code", "lost");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("topic nowhere");
  }

  @Test
  void a_letter_without_its_value_is_redriven_from_the_event_that_it_points_at() {
    kafka.send(List.of(BrokerKit.record(images, "event", EVENT, Map.of("mine", "kept"))));
    kafka.send(
        List.of(
            BrokerKit.record(
                letters,
                "event",
                new byte[0],
                Map.of(
                    "phistream-error-code", "image-truncated",
                    "phistream-value-omitted", String.valueOf(EVENT.length),
                    "__streams.errors.topic", images,
                    "__streams.errors.partition", "0",
                    "__streams.errors.offset", "0"))));

    assertThat(deadLetters("redrive", "--code", "image-truncated").lines())
        .containsExactly("redriven 2, passed over 1");

    ConsumerRecord<byte[], byte[]> again = kafka.readAll(images).get(2);
    assertThat(again.value()).isEqualTo(EVENT);
    assertThat(BrokerKit.headers(again)).containsExactly(Map.entry("mine", "kept"));
  }

  @Test
  void a_letter_without_its_value_whose_event_is_gone_stops_the_redrive_and_is_named() {
    kafka.send(
        List.of(
            BrokerKit.record(
                letters,
                "event",
                new byte[0],
                Map.of(
                    "phistream-error-code", "gone",
                    "phistream-value-omitted", "5",
                    "__streams.errors.topic", images,
                    "__streams.errors.partition", "0",
                    "__streams.errors.offset", "x"))));

    CommandRun run = deadLetters("redrive", "--code", "gone");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("expected: topic, partition and offset of the event");
  }

  @Test
  void what_a_terminal_would_obey_is_shown_as_escapes() {
    kafka.send(
        List.of(letter(BROKEN, "event-unreadable", "\u001b]52;c;aGk=\u0007 clipboard", images)));

    assertThat(deadLetters().out()).doesNotContain("\u001b").contains("\\u001b]52;c;aGk=\\u0007");
    assertThat(deadLetters("--json").out()).doesNotContain("\u001b", "\u0007");
  }

  private CommandRun deadLetters(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("dead-letters", "--bootstrap", kafka.bootstrap(), "--topic", letters));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private ProducerRecord<byte[], byte[]> letter(
      byte[] value, String code, String message, String origin) {
    Map<String, String> headers = new HashMap<>();
    headers.put("tier", "latency");
    headers.put("phistream-error-code", code);
    headers.put("__streams.errors.message", message);
    headers.put("__streams.errors.exception", "SomeException");
    headers.put("__streams.errors.topic", origin);
    headers.put("__streams.errors.partition", "2");
    headers.put("__streams.errors.offset", "17");
    ProducerRecord<byte[], byte[]> record = BrokerKit.record(letters, "key", value, headers);
    return new ProducerRecord<>(letters, 0, 1_000L, record.key(), record.value(), record.headers());
  }
}
