package dev.phistream.client;

import dev.phistream.event.ImageEvent;
import dev.phistream.kafka.ClusterException;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** An event that could not be classified, as it stands in the dead letters' topic. */
public final class DeadLetter {
  // As the topology writes them; this package does not know the topology.
  private static final String CODE = "phistream-error-code";
  private static final String OMITTED = "phistream-value-omitted";
  private static final String REPLAY = "phistream-replay";
  private static final String STREAMS_ERRORS = "__streams.errors.";

  private final ConsumerRecord<byte[], byte[]> record;

  /** Takes the record of a dead letter. */
  public DeadLetter(ConsumerRecord<byte[], byte[]> record) {
    this.record = record;
  }

  /** The record. */
  public ConsumerRecord<byte[], byte[]> record() {
    return record;
  }

  /** The stable error code, or {@code unknown} where there is none. */
  public String code() {
    String code = text(CODE);
    return code == null ? "unknown" : code;
  }

  /** What went wrong, for people. */
  public String message() {
    String message = text(STREAMS_ERRORS + "message");
    return message == null ? "" : message;
  }

  /** The class of what was thrown, or null. */
  public @Nullable String exception() {
    return text(STREAMS_ERRORS + "exception");
  }

  /** The topic that the event stood in, or null where the letter does not say. */
  public @Nullable String originTopic() {
    return text(STREAMS_ERRORS + "topic");
  }

  /** Where the event stood, {@code topic-partition@offset}. */
  public String origin() {
    return "%s-%s@%s".formatted(originTopic(), text(STREAMS_ERRORS + "partition"), originOffset());
  }

  /** The partition that the event stood in, as the letter says it, or null. */
  public @Nullable String originPartition() {
    return text(STREAMS_ERRORS + "partition");
  }

  /** The offset that the event stood at, as the letter says it, or null. */
  public @Nullable String originOffset() {
    return text(STREAMS_ERRORS + "offset");
  }

  /** How long the event's value is, if the letter comes without it, as the letter says it. */
  public @Nullable String omittedBytes() {
    return text(OMITTED);
  }

  /** The event's id as far as one can be made out, or null. */
  public @Nullable String eventId(SingleObjectCodec<ImageEvent> codec) {
    String header = text("id");
    if (header != null) {
      return header;
    }
    byte[] value = record.value();
    if (value != null && SingleObjectCodec.isSingleObject(value)) {
      try {
        return codec.decode(value).getId();
      } catch (UnreadableRecordException e) {
        // which may be just why it is a dead letter
      }
    }
    return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
  }

  /**
   * Where the event stands that the letter tells of.
   *
   * @throws ClusterException when the letter does not say so
   */
  TopicPartition originTopicPartition() throws ClusterException {
    String topic = originTopic();
    if (topic == null) {
      throw noOrigin(null);
    }
    return new TopicPartition(topic, (int) number(originPartition()));
  }

  /** The offset at which the event stands. */
  long originOffsetNumber() throws ClusterException {
    return number(originOffset());
  }

  private long number(@Nullable String text) throws ClusterException {
    try {
      return Long.parseLong(text == null ? "" : text);
    } catch (NumberFormatException e) {
      throw noOrigin(e);
    }
  }

  private ClusterException noOrigin(@Nullable Exception cause) {
    String message =
        "%s-%d@%d: origin: %s (expected: topic, partition and offset of the event)"
            .formatted(record.topic(), record.partition(), record.offset(), origin());
    return cause == null ? new ClusterException(message) : new ClusterException(message, cause);
  }

  /**
   * The event as it was sent first: its own key, bytes, time and headers.
   *
   * @param topic where to send it
   */
  ProducerRecord<byte[], byte[]> original(String topic) {
    Headers headers = new RecordHeaders();
    for (Header header : record.headers()) {
      if (!header.key().equals(CODE)
          && !header.key().equals(REPLAY)
          && !header.key().startsWith(STREAMS_ERRORS)) {
        headers.add(header);
      }
    }
    return new ProducerRecord<>(
        topic, null, Math.max(0, record.timestamp()), record.key(), record.value(), headers);
  }

  private @Nullable String text(String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
