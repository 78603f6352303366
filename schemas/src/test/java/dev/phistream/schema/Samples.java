package dev.phistream.schema;

import dev.phistream.event.Classification;
import dev.phistream.event.Comparison;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Label;
import dev.phistream.event.ModelOutput;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.event.Tier;
import dev.phistream.event.Timings;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records with every field set. The fixtures in {@code v1} hold these. */
final class Samples {
  private Samples() {}

  static ImageEvent imageEvent() {
    return ImageEvent.newBuilder()
        .setId("event-1")
        .setSource("camera-7")
        .setCapturedAt(Instant.parse("2026-11-24T12:00:00.123Z"))
        .setImage(ByteBuffer.wrap(new byte[] {(byte) 0xFF, (byte) 0xD8, 1, 2, 3}))
        .setContentType("image/jpeg")
        .setTier(Tier.ACCURACY)
        .setVariant("b4")
        .setLatencyBudgetMs(250)
        .setTopK(3)
        .setAttributes(Map.of("site", "Köln"))
        .build();
  }

  static Classification classification() {
    return Classification.newBuilder()
        .setEventId("event-1")
        .setSource("camera-7")
        .setLabels(List.of(new Label(281, "tabby cat", 0.75f), new Label(7, "cock", 0.125f)))
        .setVariant("b0")
        .setModel(new ModelReference("efficientnet-b0", "00ff".repeat(16)))
        .setEngine("mxnet")
        .setDevice("cpu")
        .setRequestedTier(Tier.ACCURACY)
        .setDegraded("load")
        .setBatchSize(8)
        .setTimings(new Timings(1.5, 2.25, 30.125, 34.0, 0.0))
        .setOrigin(new Origin("images", 3, 123_456_789_012L))
        .setClassifiedAt(Instant.parse("2026-11-24T12:00:01.456Z"))
        .setLoad(null)
        .setCascade(null)
        .build();
  }

  static Comparison comparison() {
    return Comparison.newBuilder()
        .setEventId("event-1")
        .setSource("camera-7")
        .setTrial("next")
        .setVariant("b0")
        .setAnswered(opinion("efficientnet-b0", 0.75f))
        .setOther(opinion("efficientnet-b0-new", 0.5f))
        .setAgreed(true)
        .setScoreDifference(-0.25f)
        .setOrigin(new Origin("images", 3, 123_456_789_012L))
        .setComparedAt(Instant.parse("2026-11-24T12:00:01.456Z"))
        .build();
  }

  private static ModelOutput opinion(String model, float score) {
    return new ModelOutput(
        new ModelReference(model, "00ff".repeat(16)),
        List.of(new Label(281, "tabby cat", score)),
        34.5);
  }
}
