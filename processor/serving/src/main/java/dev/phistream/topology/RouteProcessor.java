package dev.phistream.topology;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.routing.Admission;
import dev.phistream.routing.Route;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.UnknownVariantException;
import dev.phistream.wire.UnreadableEventException;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
  private @Nullable ProcessorContext<byte[], byte[]> context;

  RouteProcessor(RouteParts parts) {
    this.parts = parts;
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
    Admission admission;
    Duration budget;
    try {
      ImageEvent image = parts.reader().read(event.record());
      tier = parts.router().resolve(image.getTier());
      budget = EventFields.latencyBudget(image);
      admission =
          parts
              .router()
              .admit(image.getTier(), image.getVariant(), parts.predicting() ? budget : null);
    } catch (UnreadableEventException | UnknownVariantException | ShedException e) {
      parts.router().deadLettered(tier, DeadLetters.code(e));
      context.forward(DeadLetters.of(event, e), TopologyFactory.DEAD_LETTERS_SINK);
      return;
    }
    Headers headers = new RecordHeaders(event.headers());
    Route route = admission.route();
    RouteHeader.of(event, context.currentSystemTimeMs(), route, budget).writeTo(headers);
    context.forward(record.withHeaders(headers), TopologyFactory.routedSink(route.variant()));
    admission.abandoned(); // answered elsewhere
  }
}
