package dev.phistream.training;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decoded images to make views of: the whole short edge, as large as before the network's crop.
 * They stay in memory as long as they take no more than a third of the heap; the others are decoded
 * each time. Thread-safe.
 */
final class PixelStore {
  private static final int PART_OF_HEAP = 3;

  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
  private final Preprocessor whole;
  private final Preprocessor plain;
  private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
  private final AtomicLong room = new AtomicLong(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

  PixelStore(Preprocessing preprocessing) {
    plain = new Preprocessor(preprocessing);
    whole =
        new Preprocessor(
            new Preprocessing(
                preprocessing.resizedShortEdge(), 1, preprocessing.mean(), preprocessing.std()));
  }

  /** The square in the middle of an image, 3×side×side uint8, which nobody may change. */
  byte[] whole(ImageData.Image image) throws TrainingException {
    byte[] found = kept.get(image.sha256());
    if (found != null) {
      return found;
    }
    byte[] pixels = read(image, whole);
    if (room.addAndGet(-pixels.length) > 0) {
      kept.put(image.sha256(), pixels);
    }
    return pixels;
  }

  /** The image as the network gets it when it answers. */
  byte[] plain(ImageData.Image image) throws TrainingException {
    return read(image, plain);
  }

  private byte[] read(ImageData.Image image, Preprocessor preprocessor) throws TrainingException {
    try {
      return preprocessor.apply(decoder.decode(image.file().content().read()));
    } catch (IOException | ImageException e) {
      throw new TrainingException(
          "%s: changed since it was checked: %s (expected: images that nobody writes to)"
              .formatted(image.file().name(), e.getMessage()),
          e);
    }
  }
}
