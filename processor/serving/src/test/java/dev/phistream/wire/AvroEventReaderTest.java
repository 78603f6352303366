package dev.phistream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.phistream.schema.SingleObjectCodec;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;

class AvroEventReaderTest {
  private final EventReader reader = new AvroEventReader();

  @Test
  void a_single_object_is_read() throws Exception {
    byte[] value = SingleObjectCodec.imageEvents().encode(WireSamples.event());

    assertThat(reader.read(WireSamples.record(value))).isEqualTo(WireSamples.event());
  }

  @ParameterizedTest
  @NullAndEmptySource
  void no_value_is_an_empty_event(byte[] value) {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> reader.read(WireSamples.record(value)))
        .withMessage("value: none (expected: an image event)")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_EMPTY));
  }

  @Test
  void other_values_are_unreadable_and_the_message_says_what_may_have_been_meant() {
    byte[] whole = SingleObjectCodec.imageEvents().encode(WireSamples.event());

    assertUnreadable("hello".getBytes(UTF_8), "expected: Avro single-object encoding");
    assertUnreadable(Arrays.copyOf(whole, whole.length - 1), "cut off or damaged");
    assertUnreadable(new byte[] {0, 0, 0, 0, 1, 2}, "set schema-registry.url");
    assertUnreadable(new byte[] {(byte) 0xFF, (byte) 0xD8, 0}, "set input.format to raw");
    assertUnreadable(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, "set input.format to raw");
  }

  @Test
  void the_image_is_copied_once_and_is_all_of_its_array() throws Exception {
    byte[] image = new byte[100_000];
    EventRecord record =
        WireSamples.record(SingleObjectCodec.imageEvents().encode(WireSamples.event(image)));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    reader.read(record);

    long before = threads.getCurrentThreadAllocatedBytes();
    ByteBuffer read = (ByteBuffer) reader.read(record).getImage();
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isBetween(100_000L, 120_000L);
    assertThat(read.arrayOffset()).isZero();
    assertThat(read.array()).hasSize(image.length);
  }

  private void assertUnreadable(byte[] value, String message) {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> reader.read(WireSamples.record(value)))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_UNREADABLE));
  }
}
