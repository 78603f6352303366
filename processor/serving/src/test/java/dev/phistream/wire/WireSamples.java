package dev.phistream.wire;

import dev.phistream.event.CascadeStage;
import dev.phistream.event.Classification;
import dev.phistream.event.Comparison;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Label;
import dev.phistream.event.ModelOutput;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.event.Tier;
import dev.phistream.event.TierLoad;
import dev.phistream.event.Timings;
import dev.phistream.schema.ImageEvents;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** What goes over the wire in these tests. */
final class WireSamples {
  static final Instant CAPTURED = Instant.parse("2026-11-24T12:00:00.123Z");

  private WireSamples() {}

  static ImageEvent event() {
    return event(new byte[] {(byte) 0xFF, (byte) 0xD8, 1, 2, 3});
  }

  static ImageEvent event(byte[] image) {
    return ImageEvents.builder("event-1", "camera-7", CAPTURED, image)
        .setTier(Tier.ACCURACY)
        .setTopK(3)
        .build();
  }

  static Classification result() {
    return result(null);
  }

  static Classification result(@Nullable String degraded) {
    return Classification.newBuilder()
        .setEventId("event-1")
        .setSource("camera-7")
        .setLabels(List.of(new Label(281, "tabby \"cat\"", 0.1f), new Label(7, "cock", 0.05f)))
        .setVariant("b0")
        .setModel(new ModelReference("efficientnet-b0", "00ff"))
        .setEngine("mxnet")
        .setDevice("cpu")
        .setRequestedTier(Tier.LATENCY)
        .setDegraded(degraded)
        .setBatchSize(8)
        .setTimings(new Timings(1.5, 2.25, 30.1, 33.85, 0.0))
        .setOrigin(new Origin("images", 3, 123_456_789_012L))
        .setClassifiedAt(Instant.parse("2026-11-24T12:00:01.456Z"))
        .setLoad(new TierLoad(12, 40.5, 3L, 1L))
        .setCascade(new CascadeStage("phi-11", 0.5, 0.9, true))
        .build();
  }

  static Comparison comparison() {
    return Comparison.newBuilder()
        .setEventId("event-1")
        .setSource("camera-7")
        .setTrial("next")
        .setVariant("b0")
        .setAnswered(
            new ModelOutput(
                new ModelReference("efficientnet-b0", "00ff"),
                List.of(new Label(281, "tabby", 0.5f)),
                33.5))
        .setOther(
            new ModelOutput(
                new ModelReference("b0-new", "ff00"), List.of(new Label(7, "cock", 0.25f)), 40.0))
        .setAgreed(false)
        .setScoreDifference(-0.25f)
        .setOrigin(new Origin("images", 3, 5L))
        .setComparedAt(Instant.parse("2026-11-24T12:00:01.456Z"))
        .build();
  }

  static EventRecord record(byte @Nullable [] value) {
    return record(value, new RecordHeaders());
  }

  static EventRecord record(byte @Nullable [] value, Headers headers) {
    return new EventRecord("images", 2, 42, CAPTURED.toEpochMilli(), null, value, headers);
  }
}
