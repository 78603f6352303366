package dev.phistream.client;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Writes what {@link dev.phistream.wire.RawEventReader} reads. */
final class RawFormat implements EventFormat {
  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, byte[] key, ImageEvent event) {
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
    if (event.getTier() != Tier.DEFAULT) {
      put(headers, "tier", event.getTier().name().toLowerCase(Locale.ROOT));
    }
    put(headers, "variant", event.getVariant());
    put(headers, "budget-ms", event.getLatencyBudgetMs());
    put(headers, "top-k", event.getTopK());
    return record;
  }

  private static void put(Headers headers, String name, @Nullable Object value) {
    if (value != null) {
      headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
