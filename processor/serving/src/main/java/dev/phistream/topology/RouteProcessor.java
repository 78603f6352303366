package dev.phistream.topology;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.routing.Admission;
import dev.phistream.routing.Route;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.SchemaRegistryException;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends each event to the topic of its variant, as it is but for a header that says how it was
 * routed; or to the dead letters. Holds nothing.
 */
final class RouteProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private final RouteParts parts;
  private final DeadLetters deadLetters;
  private @Nullable ProcessorContext<byte[], byte[]> context;

  RouteProcessor(RouteParts parts) {
    this.parts = parts;
    this.deadLetters = new DeadLetters(parts.topics().deadLetters(), parts.safeguards().limits());
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    ProcessorContext<byte[], byte[]> context = Objects.requireNonNull(this.context, "init");
    RecordMetadata place =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a record without a place"));
    PendingEvent event = PendingEvent.of(record, place);
    Tier tier = parts.router().resolve(Tier.DEFAULT);
    Admission admission = null;
    try {
      check(event);
      ImageEvent image = parts.reader().read(event.record());
      tier = parts.router().resolve(image.getTier());
      Duration budget = EventFields.latencyBudget(image);
      admission =
          parts
              .router()
              .admit(image.getTier(), image.getVariant(), parts.predicting() ? budget : null);
      forward(context, event, admission.route(), budget);
      admission.abandoned(); // answered elsewhere
    } catch (SchemaRegistryException e) { // nothing is wrong with the event
      throw e;
    } catch (KafkaException e) { // nor if it cannot be sent
      if (admission != null) {
        admission.abandoned();
      }
      if (TaskFailures.mayBeOfAnEvent(e) && !(e instanceof TaskMigratedException)) {
        parts.safeguards().failures().count(RecordPosition.of(event));
      }
      throw e;
    } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError e) {
      String code = DeadLetters.code(e);
      if (admission == null) {
        parts.router().deadLettered(tier, code);
      } else {
        admission.deadLettered(code);
      }
      parts.safeguards().outcomes().sent();
      context.forward(
          deadLetters.of(event, e, context.currentSystemTimeMs()),
          TopologyFactory.DEAD_LETTERS_SINK);
    }
  }

  private void check(PendingEvent event) throws RejectedEventException {
    int failures = parts.safeguards().failures().of(RecordPosition.of(event));
    if (failures >= TaskFailures.MOST) {
      throw new RejectedEventException(
          ErrorCode.QUARANTINED,
          "the task failed %d times at this event (expected: never); the log of the router says how"
              .formatted(failures));
    }
    if (event.size() > parts.safeguards().maxEventBytes()) {
      throw tooLarge(event.size(), parts.safeguards().maxEventBytes(), "max-message-bytes");
    }
  }

  private void forward(
      ProcessorContext<byte[], byte[]> context,
      PendingEvent event,
      Route route,
      @Nullable Duration budget)
      throws RejectedEventException {
    long now = context.currentSystemTimeMs();
    String topic = parts.topics().routed(route.variant());
    TopicLimits taken = parts.safeguards().limits().of(topic);
    Headers headers = new RecordHeaders(event.headers());
    RouteHeader.of(event, now, route, budget).writeTo(headers);
    Record<byte[], byte[]> routed =
        new Record<>(event.key(), event.value(), taken.acceptable(event.timestamp(), now), headers);
    if (RecordSize.of(routed) > taken.maxBytes()) {
      throw tooLarge(
          RecordSize.of(routed), taken.maxBytes(), "max.message.bytes of topic " + topic);
    }
    parts.safeguards().outcomes().sent();
    context.forward(routed, TopologyFactory.routedSink(route.variant()));
  }

  private static RejectedEventException tooLarge(long size, long most, String setting) {
    return new RejectedEventException(
        ErrorCode.EVENT_TOO_LARGE,
        "record: %d bytes uncompressed, with key and headers (expected: at most %d, %s); send a smaller image or a reference to it"
            .formatted(size, most, setting));
  }
}
