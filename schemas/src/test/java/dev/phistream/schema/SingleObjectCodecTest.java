package dev.phistream.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.event.Classification;
import dev.phistream.event.Comparison;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.ImageReference;
import dev.phistream.event.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SingleObjectCodecTest {
  private final SingleObjectCodec<ImageEvent> events = SingleObjectCodec.imageEvents();
  private final SingleObjectCodec<Classification> results = SingleObjectCodec.classifications();
  private final SingleObjectCodec<Comparison> comparisons = SingleObjectCodec.comparisons();

  @Test
  void what_was_written_is_read_again() throws Exception {
    assertThat(events.decode(events.encode(Samples.imageEvent()))).isEqualTo(Samples.imageEvent());
    assertThat(results.decode(results.encode(Samples.classification())))
        .isEqualTo(Samples.classification());
    assertThat(comparisons.decode(comparisons.encode(Samples.comparison())))
        .isEqualTo(Samples.comparison());
  }

  @Test
  void an_image_may_be_a_reference() throws Exception {
    ImageReference reference =
        new ImageReference("https://example.org/a.jpg", "ab".repeat(32), 12L);
    ImageEvent event = ImageEvents.builder("event-2", "camera-7", Instant.EPOCH, reference).build();

    assertThat(events.decode(events.encode(event)).getImage()).isEqualTo(reference);
  }

  @Test
  void records_of_the_first_published_version_are_read_as_they_were() throws Exception {
    assertThat(events.decode(fixture("ImageEvent"))).isEqualTo(Samples.imageEvent());
    assertThat(results.decode(fixture("Classification"))).isEqualTo(Samples.classification());
  }

  @Test
  void an_older_writers_record_gets_defaults_for_what_it_lacks() throws Exception {
    SchemaHistory history = SchemaHistory.load("/older/ImageEvent");
    byte[] written = older(history.versions().get(0));

    SingleObjectCodec<ImageEvent> codec =
        SingleObjectCodec.of(ImageEvent.getClassSchema(), history);
    ImageEvent read = codec.decode(written);

    assertThat(read.getId()).isEqualTo("old");
    assertThat(read.getCapturedAt()).isEqualTo(Instant.ofEpochMilli(5));
    assertThat(read.getImage()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat(read.getTier()).isEqualTo(Tier.ACCURACY);
    assertThat(read.getTopK()).isNull();
    assertThat(read.getAttributes()).isEmpty();
  }

  @Test
  void an_unknown_writer_is_named_by_its_fingerprint_with_the_remedy() throws Exception {
    byte[] written = older(SchemaHistory.load("/older/ImageEvent").versions().get(0));
    String fingerprint = HexFormat.of().formatHex(written, 2, 10);

    assertThatThrownBy(() -> events.decode(written))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("fingerprint " + fingerprint)
        .hasMessageContaining("today's is 7ba6789726da16b9")
        .hasMessageContaining("use the phistream-schemas of the writer's version or later");
  }

  @Test
  void a_record_of_the_other_kind_is_an_unknown_writer() {
    assertThatThrownBy(() -> events.decode(results.encode(Samples.classification())))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("expected: a published version of dev.phistream.event.ImageEvent");
  }

  @Test
  void other_bytes_are_told_from_single_objects() {
    assertThatThrownBy(() -> events.decode(new byte[] {(byte) 0xFF, (byte) 0xD8, 0, 1, 2}))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageStartingWith("record: 5 bytes beginning with ffd80001 (expected: Avro single");
    assertThatThrownBy(() -> events.decode(new byte[0]))
        .isInstanceOf(UnreadableRecordException.class);
    assertThatThrownBy(() -> events.decode(Arrays.copyOf(events.header(), 9)))
        .isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void a_record_cut_off_anywhere_is_refused() {
    byte[] event = events.encode(Samples.imageEvent());
    byte[] result = results.encode(Samples.classification());

    for (int length = 0; length < event.length; length++) {
      byte[] torn = Arrays.copyOf(event, length);
      assertThatThrownBy(() -> events.decode(torn))
          .as("%d bytes", length)
          .isInstanceOf(UnreadableRecordException.class);
    }
    for (int length = 0; length < result.length; length++) {
      byte[] torn = Arrays.copyOf(result, length);
      assertThatThrownBy(() -> results.decode(torn))
          .as("%d bytes", length)
          .isInstanceOf(UnreadableRecordException.class);
    }
  }

  @Test
  void bytes_after_the_record_are_refused() {
    byte[] event = events.encode(Samples.imageEvent());

    for (int rubbish : new int[] {1, 2, 40}) {
      assertThatThrownBy(() -> events.decode(Arrays.copyOf(event, event.length + rubbish)))
          .isInstanceOf(UnreadableRecordException.class)
          .hasMessage("record: %d bytes after the end of the ImageEvent (expected: none)", rubbish);
    }
  }

  @Test
  void a_record_without_a_required_value_is_not_written() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> events.encode(new ImageEvent()))
        .withMessageStartingWith("ImageEvent: not complete")
        .withMessageContaining("id");
  }

  @Test
  void the_header_is_what_encoded_records_begin_with() {
    assertThat(events.encode(Samples.imageEvent())).startsWith(events.header());
    assertThat(results.encode(Samples.classification())).startsWith(results.header());
  }

  @Test
  @Timeout(60)
  void a_codec_serves_many_threads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        String source = "camera-" + thread;
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    ImageEvent event =
                        ImageEvents.builder("event-" + i, source, Instant.EPOCH, new byte[i])
                            .build();
                    assertThat(events.decode(events.encode(event))).isEqualTo(event);
                  }
                  return null;
                }));
      }
      for (Future<?> thread : all) {
        thread.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void avros_own_decoder_reads_it_too() throws Exception {
    BinaryMessageDecoder<GenericRecord> decoder =
        new BinaryMessageDecoder<>(GenericData.get(), null, SingleObjectCodec.imageEventHistory());

    assertThat(decoder.decode(events.encode(Samples.imageEvent())).get("id"))
        .hasToString("event-1");
  }

  private static byte[] older(Schema schema) throws IOException {
    GenericRecord event =
        new GenericRecordBuilder(schema)
            .set("id", "old")
            .set("source", "camera-1")
            .set("capturedAt", 5L)
            .set("image", ByteBuffer.wrap(new byte[] {1, 2}))
            .set(
                "tier", new GenericData.EnumSymbol(schema.getField("tier").schema(), Tier.ACCURACY))
            .set("site", "left out by today's readers")
            .build();
    ByteBuffer encoded = new BinaryMessageEncoder<>(GenericData.get(), schema).encode(event);
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  private static byte[] fixture(String record) throws IOException {
    String name = "/v1/" + record + ".bin";
    try (InputStream file = SingleObjectCodecTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    }
  }
}
