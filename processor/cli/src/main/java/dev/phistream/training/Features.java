package dev.phistream.training;

import dev.phistream.inference.InferenceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the frozen layers make of every image, as it is and, to learn from, mirrored. Each is
 * computed once.
 */
final class Features {
  private static final String PLAIN = "plain";
  private static final String MIRRORED = "mirrored";

  private final Map<String, float[]> plain = new HashMap<>();
  private final Map<String, float[]> mirrored = new HashMap<>();
  private int computed;

  private Features() {}

  /** A view of an image that is not in the cache. */
  private record Missing(ImageData.Image image, boolean mirror) {}

  /**
   * Takes features from the cache and computes the others on all cores.
   *
   * @param mirror whether images to learn from are also looked at mirrored
   */
  static Features of(
      ImageData data,
      Backbone backbone,
      FeatureCache cache,
      PixelStore pixels,
      boolean mirror,
      int threads,
      TransferListener listener)
      throws TrainingException, InferenceException, IOException, InterruptedException {
    Features features = new Features();
    List<Missing> missing = new ArrayList<>();
    for (ImageData.Image image : data.images()) {
      features.find(cache, image, false, missing);
      if (mirror && image.split() == Split.TRAIN) {
        features.find(cache, image, true, missing);
      }
    }
    features.computed = missing.size();
    listener.begin("features", missing.size());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<List<float[]>>> parts = new ArrayList<>();
      for (int from = 0; from < missing.size(); from += Backbone.BATCH) {
        List<Missing> part = missing.subList(from, Math.min(missing.size(), from + Backbone.BATCH));
        Callable<List<float[]>> work =
            () -> {
              List<byte[]> views = new ArrayList<>();
              for (Missing view : part) {
                byte[] plain = pixels.plain(view.image());
                views.add(view.mirror() ? Views.mirrored(plain) : plain);
              }
              List<float[]> maps = backbone.maps(views);
              for (int i = 0; i < part.size(); i++) {
                cache.put(part.get(i).image().sha256(), name(part.get(i).mirror()), maps.get(i));
                listener.step();
              }
              return maps;
            };
        parts.add(pool.submit(work));
      }
      int at = 0;
      for (Future<List<float[]>> part : parts) {
        for (float[] maps : part.get()) {
          Missing view = missing.get(at++);
          features.by(view.mirror()).put(view.image().sha256(), maps);
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof InferenceException failure) {
        throw failure;
      }
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof TrainingException failure) {
        throw failure;
      }
      throw new IllegalStateException("features", cause);
    } finally {
      pool.shutdownNow();
    }
    return features;
  }

  private void find(
      FeatureCache cache, ImageData.Image image, boolean mirror, List<Missing> missing) {
    float[] found = cache.get(image.sha256(), name(mirror));
    if (found == null) {
      missing.add(new Missing(image, mirror));
    } else {
      by(mirror).put(image.sha256(), found);
    }
  }

  private static String name(boolean mirror) {
    return mirror ? MIRRORED : PLAIN;
  }

  private Map<String, float[]> by(boolean mirror) {
    return mirror ? mirrored : plain;
  }

  /** Views that were not in the cache. */
  int computed() {
    return computed;
  }

  /** All views. */
  int views() {
    return plain.size() + mirrored.size();
  }

  /** Of the image as it is. */
  float[] plain(ImageData.Image image) {
    return Objects.requireNonNull(plain.get(image.sha256()));
  }

  /** Of the mirrored image, or as it is where it was not looked at mirrored. */
  float[] mirrored(ImageData.Image image) {
    float[] found = mirrored.get(image.sha256());
    return found == null ? plain(image) : found;
  }
}
