package dev.phistream.topology;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.ImageReference;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.UnreadableEventException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Fields of image events, checked. */
final class EventFields {
  private EventFields() {}

  static ImageSource source(ImageEvent event) throws UnreadableEventException {
    Object image = event.getImage();
    if (image instanceof ByteBuffer bytes) {
      return new ImageSource.Inline(array(bytes));
    }
    if (image instanceof ImageReference reference) {
      return new ImageSource.Reference(
          reference.getUri(), reference.getSha256(), reference.getSize());
    }
    throw new UnreadableEventException(
        ErrorCode.EVENT_INVALID, "image: none (expected: bytes or a reference)", null);
  }

  /** The bytes, copied only if they are not all of their array. */
  private static byte[] array(ByteBuffer bytes) {
    if (bytes.hasArray() && bytes.arrayOffset() == 0) {
      byte[] array = bytes.array();
      if (bytes.position() == 0 && bytes.limit() == array.length) {
        return array;
      }
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }

  static @Nullable Duration latencyBudget(ImageEvent event) throws UnreadableEventException {
    Integer budget = event.getLatencyBudgetMs();
    return budget == null
        ? null
        : Duration.ofMillis(positive("latencyBudgetMs", budget, Integer.MAX_VALUE));
  }

  static int topK(ImageEvent event, int otherwise) throws UnreadableEventException {
    Integer topK = event.getTopK();
    return topK == null ? otherwise : positive("topK", topK, ClassifySettings.MAX_TOP_K);
  }

  private static int positive(String field, int value, int most) throws UnreadableEventException {
    if (value < 1 || value > most) {
      throw new UnreadableEventException(
          ErrorCode.EVENT_INVALID,
          "%s: %d (expected: 1 to %d)".formatted(field, value, most),
          null);
    }
    return value;
  }
}
