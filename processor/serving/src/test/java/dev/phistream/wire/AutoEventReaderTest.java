package dev.phistream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.ImageReference;
import dev.phistream.event.Tier;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.EncodedImages;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code input.format=auto}, each record may come in a format of its own. */
class AutoEventReaderTest {
  private static final byte[] IMAGE = EncodedImages.jpeg(16, 16, 1);
  private static final String BASE64 = Base64.getEncoder().encodeToString(IMAGE);

  private final EventReader reader =
      new WireFormats(new WireOptions(InputFormat.AUTO, OutputFormat.JSON, null)).events();

  @Test
  void the_bytes_of_an_image_are_the_image() throws Exception {
    assertThat(image(IMAGE)).isEqualTo(IMAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "\"%s\"", "  %s\r\n", "data:image/jpeg;base64,%s"})
  void an_image_in_base64_is_decoded(String text) throws Exception {
    assertThat(image(text.formatted(BASE64).getBytes(UTF_8))).isEqualTo(IMAGE);
  }

  @Test
  void base64_in_lines_is_decoded() throws Exception {
    assertThat(image(Base64.getMimeEncoder().encode(IMAGE))).isEqualTo(IMAGE);
  }

  @Test
  void a_json_object_is_an_event() throws Exception {
    ImageEvent event =
        read(
            """
            {"id": "e-1", "source": "door", "capturedAt": "2026-11-30T10:00:00Z", "tier": "latency",
             "topK": 3, "attributes": {"lane": 2}, "image": "%s", "extra": [1]}
            """
                .formatted(BASE64)
                .getBytes(UTF_8));

    assertThat(event.getId()).isEqualTo("e-1");
    assertThat(event.getSource()).isEqualTo("door");
    assertThat(event.getCapturedAt()).isEqualTo(Instant.parse("2026-11-30T10:00:00Z"));
    assertThat(event.getTier()).isEqualTo(Tier.LATENCY);
    assertThat(event.getTopK()).isEqualTo(3);
    assertThat(event.getAttributes()).containsEntry("lane", "2");
    assertThat(((ByteBuffer) event.getImage()).array()).isEqualTo(IMAGE);
  }

  @Test
  void a_json_event_may_refer_to_its_image() throws Exception {
    ImageEvent event =
        read(
            "{\"image\": {\"uri\": \"file:/a\", \"sha256\": \"00\", \"size\": 7}}".getBytes(UTF_8));

    assertThat(event.getImage()).isEqualTo(new ImageReference("file:/a", "00", 7L));
    assertThat(event.getId()).isEqualTo("images-2-42");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{}", "{\"image\": 5}", "{\"image\": \"not base64!\"}"})
  void a_json_object_without_an_image_is_unreadable(String json) {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(json.getBytes(UTF_8)))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_UNREADABLE));
  }

  @Test
  void deep_json_is_unreadable() {
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) '[');
    System.arraycopy("{\"a\":".getBytes(UTF_8), 0, deep, 0, 5);

    assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(() -> read(deep));
  }

  @Test
  void an_avro_single_object_is_an_event() throws Exception {
    ImageEvent event = WireSamples.event();
    byte[] value = SingleObjectCodec.imageEvents().encode(event);

    assertThat(read(value)).isEqualTo(event);
  }

  private byte[] image(byte[] value) throws UnreadableEventException {
    return ((ByteBuffer) read(value).getImage()).array();
  }

  private ImageEvent read(byte[] value) throws UnreadableEventException {
    return reader.read(new EventRecord("images", 2, 42, 0, null, value, new RecordHeaders()));
  }
}
