package dev.phistream.pipeline;

import dev.phistream.pipeline.Answer.Label;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a network's logits into labels.
 *
 * @param names class names in the order of the network's outputs
 */
public record Labels(List<String> names) {
  /** Copies the list. */
  public Labels {
    names = List.copyOf(names);
  }

  /**
   * The most probable classes, best first; fewer than {@code count} if the network has fewer.
   *
   * @param logits one per class, before softmax
   * @throws NoNumberException when one of them is not finite, of which no probability follows
   */
  public List<Label> top(float[] logits, int count) {
    NoNumberException.check(logits);
    if (logits.length != names.size()) {
      throw new IllegalArgumentException(
          "logits: %d (expected: %d, one per class)".formatted(logits.length, names.size()));
    }
    // Subtracting the largest keeps exp() from overflowing and changes nothing.
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    List<Label> labels = new ArrayList<>();
    for (int best : best(logits, count)) {
      double odds = Math.exp(logits[best] - largest);
      labels.add(new Label(best, names.get(best), (float) (odds / sum)));
    }
    return List.copyOf(labels);
  }

  /** The probability of the best class, with logits that are divided by a temperature. */
  static double confidence(float[] logits, double temperature) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp((logit - largest) / temperature);
    }
    return 1 / sum;
  }

  /**
   * Places of the largest logits, best first; the first of equal ones comes first. Most outputs are
   * smaller than the smallest that is kept, so that one look at each is enough.
   */
  private static int[] best(float[] logits, int count) {
    int most = Math.min(count, logits.length);
    int[] kept = new int[most];
    int size = 0;
    // A heap whose root is the worst that is kept. By logits, because small odds all become zero.
    for (int i = 0; i < logits.length; i++) {
      if (size < most) {
        kept[size] = i;
        up(kept, size++, logits);
      } else if (Float.compare(logits[i], logits[kept[0]]) > 0) {
        kept[0] = i;
        down(kept, size, logits);
      }
    }
    for (int last = size - 1; last > 0; last--) {
      int worst = kept[0];
      kept[0] = kept[last];
      down(kept, last, logits);
      kept[last] = worst;
    }
    return kept;
  }

  private static void up(int[] heap, int from, float[] logits) {
    int at = from;
    while (at > 0 && isWorse(heap[at], heap[(at - 1) / 2], logits)) {
      swap(heap, at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }

  private static void down(int[] heap, int size, float[] logits) {
    int at = 0;
    int child;
    while ((child = 2 * at + 1) < size) {
      if (child + 1 < size && isWorse(heap[child + 1], heap[child], logits)) {
        child++;
      }
      if (!isWorse(heap[child], heap[at], logits)) {
        return;
      }
      swap(heap, at, child);
      at = child;
    }
  }

  private static boolean isWorse(int a, int b, float[] logits) {
    int order = Float.compare(logits[a], logits[b]);
    return order < 0 || (order == 0 && a > b);
  }

  private static void swap(int[] heap, int a, int b) {
    int kept = heap[a];
    heap[a] = heap[b];
    heap[b] = kept;
  }
}
