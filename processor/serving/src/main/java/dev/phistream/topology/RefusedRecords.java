package dev.phistream.topology;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Is told which record a broker refused for what it is, so that its event is known when the task
 * comes to it again. That happens only if a topic's limits have become stricter since they were
 * read. The record is never skipped: its event would be lost. Thread-safe.
 */
public final class RefusedRecords extends DefaultProductionExceptionHandler {
  /** Name of the property that holds the {@link Listener}. */
  public static final String LISTENER = "phistream.refused-records";

  /** What is done about a refusal. */
  public static final class Listener {
    private final TaskFailures failures;
    private final Runnable refused;

    /**
     * Creates a listener.
     *
     * @param refused reads the topics' limits again; must not wait
     */
    public Listener(TaskFailures failures, Runnable refused) {
      this.failures = failures;
      this.refused = refused;
    }

    void refused(@Nullable RecordPosition event) {
      if (event != null) {
        failures.count(event);
      }
      refused.run();
    }
  }

  private @Nullable Listener listener;

  @Override
  public void configure(Map<String, ?> config) {
    super.configure(config);
    listener = (Listener) config.get(LISTENER);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    if (listener != null && TaskFailures.isOfOneRecord(exception)) {
      listener.refused(event(record));
    }
    return super.handleError(context, record, exception);
  }

  /** The event of which a record tells, or null if it tells of none. */
  private static @Nullable RecordPosition event(ProducerRecord<byte[], byte[]> record) {
    String origin = text(record, HeaderNames.ORIGIN);
    if (origin != null) {
      int at = origin.lastIndexOf('@');
      int dash = origin.lastIndexOf('-', at);
      return at < 0 || dash < 0
          ? null
          : position(
              origin.substring(0, dash), origin.substring(dash + 1, at), origin.substring(at + 1));
    }
    RouteHeader route = RouteHeader.read(record.headers());
    if (route != null) {
      return new RecordPosition(route.topic(), route.partition(), route.offset());
    }
    String topic = text(record, HeaderNames.STREAMS_ERRORS + "topic");
    if (topic != null) {
      return position(
          topic,
          text(record, HeaderNames.STREAMS_ERRORS + "partition"),
          text(record, HeaderNames.STREAMS_ERRORS + "offset"));
    }
    return record.topic().endsWith(TopologyFactory.LEDGER_STORE + "-changelog")
            && record.value() != null
        ? entry(record.value())
        : null;
  }

  private static @Nullable RecordPosition entry(byte[] value) {
    try {
      PendingEvent event = new PendingEventSerde().deserializer().deserialize("", value);
      return RecordPosition.of(event);
    } catch (SerializationException e) {
      return null;
    }
  }

  private static @Nullable RecordPosition position(
      String topic, @Nullable String partition, @Nullable String offset) {
    try {
      return partition == null || offset == null
          ? null
          : new RecordPosition(topic, Integer.parseInt(partition), Long.parseLong(offset));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable String text(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
