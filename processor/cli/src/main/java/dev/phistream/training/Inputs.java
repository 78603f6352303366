package dev.phistream.training;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the learning layers take it: pixels, or what the layers below made of them.
 *
 * @param count images
 * @param pixels N×3×side×side uint8, or null
 * @param maps N×channels×side×side, or null
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes, compared by nobody
record Inputs(int count, byte @Nullable [] pixels, float @Nullable [] maps) {
  /** Joins images, which have the same size. */
  static Inputs ofPixels(List<byte[]> images) {
    int each = images.get(0).length;
    byte[] all = new byte[images.size() * each];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.get(i), 0, all, i * each, each);
    }
    return new Inputs(images.size(), all, null);
  }

  /** Joins maps, which have the same size. */
  static Inputs ofMaps(List<float[]> maps) {
    int each = maps.get(0).length;
    float[] all = new float[maps.size() * each];
    for (int i = 0; i < maps.size(); i++) {
      System.arraycopy(maps.get(i), 0, all, i * each, each);
    }
    return new Inputs(maps.size(), null, all);
  }
}
