package dev.phistream.topology;

import dev.phistream.event.CascadeStage;
import dev.phistream.event.Classification;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Label;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.event.TierLoad;
import dev.phistream.event.Timings;
import dev.phistream.pipeline.Answer;
import dev.phistream.routing.Admission;
import dev.phistream.routing.Route;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.ResultWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Makes result records: the event's key, timestamp and headers with the labels as the value. */
final class Results {
  private final TopicNames topics;
  private final ResultWriter writer;
  private final OutputLimits limits;
  private final TraceContext trace;

  Results(TopicNames topics, ResultWriter writer, OutputLimits limits, TraceContext trace) {
    this.limits = limits;
    this.topics = topics;
    this.writer = writer;
    this.trace = trace;
  }

  /**
   * What a result needs of its image event; the image itself is not among it.
   *
   * @param admission ends with the event
   * @param waited how long ago the event came, before it came here
   */
  record RequestContext(String eventId, String source, Admission admission, Duration waited) {
    RequestContext(ImageEvent event, Admission admission, Duration waited) {
      this(event.getId(), event.getSource(), admission, waited);
    }

    Route route() {
      return admission.route();
    }

    /** The event's result has been sent. */
    void answered(Answer answer) {
      Duration took = waited.plus(answer.timings().total());
      if (answer.cascaded() == null) {
        admission.answered(took);
      } else {
        admission.answered(took, answer.cascaded().escalated());
      }
    }
  }

  /**
   * Makes a result.
   *
   * @throws RejectedEventException if its topic does not take a record as long as this
   */
  Record<byte[], byte[]> of(PendingEvent event, RequestContext context, Answer answer, Instant now)
      throws RejectedEventException {
    Route route = context.route();
    String variant = answer.cascaded() == null ? route.variant() : answer.cascaded().answered();
    Classification classification =
        Classification.newBuilder()
            .setEventId(context.eventId())
            .setSource(context.source())
            .setLabels(
                answer.labels().stream()
                    .map(label -> new Label(label.index(), label.name(), label.score()))
                    .toList())
            .setVariant(variant)
            .setModel(new ModelReference(answer.model(), answer.weightsDigest()))
            .setEngine(answer.engine())
            .setDevice(answer.device())
            .setRequestedTier(route.tier())
            .setDegraded(route.degraded() == null ? null : route.degraded().text())
            .setBatchSize(answer.batchSize())
            .setTimings(
                new Timings(
                    millis(context.waited().plus(answer.timings().queue())),
                    millis(answer.timings().decode()),
                    millis(answer.timings().inference()),
                    millis(context.waited().plus(answer.timings().total())),
                    millis(answer.timings().fetch())))
            .setOrigin(new Origin(event.topic(), event.partition(), event.offset()))
            .setClassifiedAt(now)
            .setLoad(
                new TierLoad(
                    route.load().queueDepth(),
                    millis(route.predicted().waiting()),
                    route.load().degraded(),
                    route.load().rejected()))
            .setCascade(cascade(answer.cascaded()))
            .build();
    String topic = topics.labels(route.tier(), variant);
    Headers headers = ResultHeaders.of(event, context.eventId(), topic, writer.contentType(), now);
    ResultHeaders.put(headers, HeaderNames.VARIANT, variant);
    ResultHeaders.put(headers, HeaderNames.TIER, route.tier().name().toLowerCase(Locale.ROOT));
    ResultHeaders.put(headers, HeaderNames.MODEL, answer.model());
    trace.continueIn(headers);
    TopicLimits taken = limits.of(topic);
    Record<byte[], byte[]> result =
        new Record<>(
            event.key(),
            writer.write(topic, classification),
            taken.acceptable(event.timestamp(), now.toEpochMilli()),
            headers);
    if (RecordSize.of(result) > taken.maxBytes()) {
      throw new RejectedEventException(
          ErrorCode.RESULT_TOO_LARGE,
          "result: %d bytes with key and headers (expected: at most %d, max.message.bytes of topic %s); raise it, or send shorter keys, headers, ids and top-k"
              .formatted(RecordSize.of(result), taken.maxBytes(), topic));
    }
    return result;
  }

  private static @Nullable CascadeStage cascade(Answer.@Nullable Cascaded cascaded) {
    return cascaded == null
        ? null
        : new CascadeStage(
            cascaded.small(), cascaded.confidence(), cascaded.threshold(), cascaded.escalated());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
