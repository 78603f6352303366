package dev.phistream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whole records as nobody should send them: events of which value, key, headers, timestamp, size
 * and compression were changed at random. One seed gives one sequence. Confined to one thread.
 */
final class RecordMutants {
  /** What {@link #compression} chooses from; a producer has one. */
  static final List<String> COMPRESSIONS = List.of("none", "gzip", "lz4", "zstd");

  private static final int KB = 1024;
  private static final int MB = 1024 * KB;
  private static final List<Long> TIMES =
      List.of(-1L, 0L, 1L, 1_000_000L, Long.MAX_VALUE, Long.MAX_VALUE / 2);
  private static final List<String> HEADERS =
      List.of(
          "id",
          "tier",
          "variant",
          "budget-ms",
          "top-k",
          "content-type",
          "traceparent",
          "ce_time",
          "ce_specversion",
          "ce_id",
          "phistream-route",
          "phistream-origin",
          "phistream-tier",
          "phistream-variant",
          "phistream-error-code",
          "phistream-value-omitted",
          "__streams.errors.partition",
          "__streams.errors.topic",
          "",
          "\u0000",
          "\u001b[2J");

  private final RandomGenerator random;

  RecordMutants(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** How the next record is compressed. */
  String compression() {
    return COMPRESSIONS.get(random.nextInt(COMPRESSIONS.size()));
  }

  /** The next mutant of an event. */
  ProducerRecord<byte[], byte[]> next(String topic, int partition, byte[] event) {
    Long timestamp = oneIn(3) ? time() : null;
    byte[] value = oneIn(3) ? event : value(event);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, key(), value) {
          @Override
          public @Nullable Long timestamp() { // Kafka's own class refuses what other clients send
            return timestamp;
          }
        };
    for (int headers = oneIn(2) ? random.nextInt(6) : 0; headers > 0; headers--) {
      record.headers().add(HEADERS.get(random.nextInt(HEADERS.size())), headerValue());
    }
    if (oneIn(40)) {
      for (int i = 0; i < 20_000; i++) {
        record.headers().add("h", new byte[0]);
      }
    }
    return record;
  }

  /** What a producer needs to send any of them. */
  static Map<String, Object> producer(String compression) {
    return Map.of(
        "compression.type", compression,
        "max.request.size", 64 * MB,
        "buffer.memory", 128L * MB);
  }

  private byte @Nullable [] key() {
    return switch (random.nextInt(8)) {
      case 0 -> new byte[0];
      case 1 -> bytes(random.nextInt(200));
      case 2 -> oneIn(10) ? new byte[2 * MB] : "key".getBytes(UTF_8);
      default -> null;
    };
  }

  private long time() {
    return oneIn(2)
        ? TIMES.get(random.nextInt(TIMES.size()))
        : System.currentTimeMillis() + random.nextLong(-100_000_000, 100_000_000);
  }

  private byte @Nullable [] headerValue() {
    return switch (random.nextInt(10)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> bytes(random.nextInt(300));
      case 3 -> "x".repeat(random.nextInt(200_000)).getBytes(UTF_8);
      case 4 -> "null".getBytes(UTF_8);
      case 5 -> "{\"topic\":\"t\",\"partition\":-1}".getBytes(UTF_8);
      case 6 -> String.valueOf(random.nextInt()).getBytes(UTF_8);
      default -> "latency".getBytes(UTF_8);
    };
  }

  private byte @Nullable [] value(byte[] event) {
    return switch (random.nextInt(9)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> bytes(random.nextInt(2000));
      case 3 -> new byte[random.nextInt(300 * KB)];
      case 4 -> oneIn(20) ? new byte[20 * MB] : new byte[random.nextInt(2 * MB)];
      case 5 -> Arrays.copyOf(event, random.nextInt(event.length));
      case 6 -> Arrays.copyOf(event, event.length + random.nextInt(1000));
      default -> flipped(event);
    };
  }

  private byte[] flipped(byte[] event) {
    byte[] copy = event.clone();
    for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
      // The fields stand at the beginning; the image has most of the bytes.
      int at = oneIn(2) ? random.nextInt(Math.min(80, copy.length)) : random.nextInt(copy.length);
      copy[at] = (byte) random.nextInt(256);
    }
    return copy;
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }
}
