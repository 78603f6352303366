package dev.phistream.topology;

import dev.phistream.event.Tier;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/** Sends a result where its headers say. */
record LabelsTopic(TopicNames topics) implements TopicNameExtractor<byte[], byte[]> {
  @Override
  public String extract(byte[] key, byte[] value, RecordContext context) {
    return topics.labels(
        Tier.valueOf(text(context.headers(), HeaderNames.TIER).toUpperCase(Locale.ROOT)),
        text(context.headers(), HeaderNames.VARIANT));
  }

  /** What the topology's description shows. */
  @Override
  public String toString() {
    return topics.labels();
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    if (header == null || header.value() == null) {
      throw new IllegalStateException("a result without header " + name);
    }
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
