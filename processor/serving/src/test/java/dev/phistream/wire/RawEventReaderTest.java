package dev.phistream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RawEventReaderTest {
  private static final byte[] IMAGE = {(byte) 0xFF, (byte) 0xD8, 1};

  private final EventReader reader = new RawEventReader();

  @Test
  void an_image_alone_is_named_by_its_place() throws Exception {
    ImageEvent event = read();

    assertThat(event.getId()).isEqualTo("images-2-42");
    assertThat(event.getSource()).isEqualTo("images");
    assertThat(event.getCapturedAt()).isEqualTo(WireSamples.CAPTURED);
    assertThat(event.getTier()).isEqualTo(Tier.DEFAULT);
    assertThat(event.getVariant()).isNull();
    assertThat(event.getLatencyBudgetMs()).isNull();
    assertThat(event.getTopK()).isNull();
    assertThat(event.getContentType()).isNull();
  }

  @Test
  void the_image_is_not_copied() throws Exception {
    assertThat(((ByteBuffer) read().getImage()).array()).isSameAs(IMAGE);
  }

  @Test
  void headers_say_what_else_there_is_to_know() throws Exception {
    ImageEvent event =
        read(
            "id", "event-1",
            "source", "camera-7",
            "content-type", "image/jpeg",
            "tier", "accuracy",
            "variant", "b4",
            "budget-ms", "250",
            "top-k", "3");

    assertThat(event.getId()).isEqualTo("event-1");
    assertThat(event.getSource()).isEqualTo("camera-7");
    assertThat(event.getContentType()).isEqualTo("image/jpeg");
    assertThat(event.getTier()).isEqualTo(Tier.ACCURACY);
    assertThat(event.getVariant()).isEqualTo("b4");
    assertThat(event.getLatencyBudgetMs()).isEqualTo(250);
    assertThat(event.getTopK()).isEqualTo(3);
  }

  @Test
  void cloud_events_headers_are_understood() throws Exception {
    ImageEvent event =
        read("ce_id", "ce-1", "ce_source", "/cameras/7", "ce_time", "2026-11-24T13:00:00+01:00");

    assertThat(event.getId()).isEqualTo("ce-1");
    assertThat(event.getSource()).isEqualTo("/cameras/7");
    assertThat(event.getCapturedAt()).isEqualTo(Instant.parse("2026-11-24T12:00:00Z"));
  }

  @Test
  void headers_without_meaning_make_the_event_invalid() {
    assertInvalid("header tier: someday (expected: one of", "tier", "someday");
    assertInvalid("header top-k: many (expected: a whole number)", "top-k", "many");
    assertInvalid("header budget-ms: 1.5 (expected: a whole number)", "budget-ms", "1.5");
    assertInvalid("header ce_time: noon (expected: an RFC 3339 time)", "ce_time", "noon");
  }

  private void assertInvalid(String message, String... headers) {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(headers))
        .withMessageStartingWith(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_INVALID));
  }

  private ImageEvent read(String... namesAndValues) throws UnreadableEventException {
    Headers headers = new RecordHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8));
    }
    return reader.read(WireSamples.record(IMAGE, headers));
  }
}
