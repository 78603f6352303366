package dev.phistream.client;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.schema.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** How an image event becomes a record. Thread-safe. */
public enum EventFormat {
  /** Avro single-object encoding. */
  AVRO {
    private final SingleObjectCodec<ImageEvent> codec = SingleObjectCodec.imageEvents();

    @Override
    ProducerRecord<byte[], byte[]> record(String topic, byte[] key, ImageEvent event) {
      return new ProducerRecord<>(topic, key, codec.encode(event));
    }
  },

  /** The picture as it is, and what else there is to know in the headers that the reader knows. */
  RAW {
    @Override
    ProducerRecord<byte[], byte[]> record(String topic, byte[] key, ImageEvent event) {
      if (!(event.getImage() instanceof ByteBuffer image)) {
        throw new IllegalArgumentException(
            event.getId() + ": a reference (expected: bytes, as a raw event holds nothing else)");
      }
      byte[] value = new byte[image.remaining()];
      image.duplicate().get(value);
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, null, event.getCapturedAt().toEpochMilli(), key, value);
      Headers headers = record.headers();
      put(headers, "id", event.getId());
      put(headers, "source", event.getSource());
      put(headers, "content-type", event.getContentType());
      put(
          headers,
          "tier",
          event.getTier() == Tier.DEFAULT ? null : event.getTier().name().toLowerCase(Locale.ROOT));
      put(headers, "variant", event.getVariant());
      put(headers, "budget-ms", event.getLatencyBudgetMs());
      put(headers, "top-k", event.getTopK());
      return record;
    }
  };

  abstract ProducerRecord<byte[], byte[]> record(String topic, byte[] key, ImageEvent event);

  private static void put(Headers headers, String name, @Nullable Object value) {
    if (value != null) {
      headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
