package dev.phistream.topology;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a record has at most where it counts: uncompressed in a producer, in a topic and
 * in the ledger. Brokers count compressed bytes, so a short batch may hold a long record.
 */
final class RecordSize {
  /** Of a batch of one record, its lengths and its place in the ledger; Kafka's own is 82. */
  private static final int OVERHEAD = 512;

  /** Of the lengths of a header's name and value, and of the objects that hold them in memory. */
  private static final int HEADER_OVERHEAD = 64;

  private RecordSize() {}

  static long of(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    long size = OVERHEAD + length(key) + length(value);
    for (Header header : headers) {
      size +=
          HEADER_OVERHEAD
              + header.key().getBytes(StandardCharsets.UTF_8).length
              + length(header.value());
    }
    return size;
  }

  static long of(Record<byte[], byte[]> record) {
    return of(record.key(), record.value(), record.headers());
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
