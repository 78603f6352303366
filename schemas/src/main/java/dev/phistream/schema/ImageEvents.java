package dev.phistream.schema;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.ImageReference;
import dev.phistream.event.Tier;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/** Begins image events. */
public final class ImageEvents {
  private ImageEvents() {}

  /**
   * A builder with everything set that an event must have; tier, variant, budget and the rest are
   * optional.
   *
   * <p>{@link ImageEvent#newBuilder()} alone finds out defaults by reflection, which Avro since
   * 1.12.2 only allows when the system property {@code org.apache.avro.SERIALIZABLE_PACKAGES} names
   * {@code dev.phistream.event}. Copying builders need that property as well.
   *
   * @param image the encoded image; not copied
   */
  public static ImageEvent.Builder builder(
      String id, String source, Instant capturedAt, byte[] image) {
    return builder(id, source, capturedAt).setImage(ByteBuffer.wrap(image));
  }

  /** As above, for an image that lies elsewhere. */
  public static ImageEvent.Builder builder(
      String id, String source, Instant capturedAt, ImageReference image) {
    return builder(id, source, capturedAt).setImage(image);
  }

  private static ImageEvent.Builder builder(String id, String source, Instant capturedAt) {
    return ImageEvent.newBuilder()
        .setId(id)
        .setSource(source)
        .setCapturedAt(capturedAt)
        .setContentType(null)
        .setTier(Tier.DEFAULT)
        .setVariant(null)
        .setLatencyBudgetMs(null)
        .setTopK(null)
        .setAttributes(Map.of());
  }
}
