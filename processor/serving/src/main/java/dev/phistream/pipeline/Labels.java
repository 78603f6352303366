package dev.phistream.pipeline;

import dev.phistream.pipeline.Answer.Label;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

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
   */
  public List<Label> top(float[] logits, int count) {
    if (logits.length != names.size()) {
      throw new IllegalArgumentException(
          "logits: %d (expected: %d, one per class)".formatted(logits.length, names.size()));
    }
    // Subtracting the largest keeps exp() from overflowing and changes nothing.
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double[] odds = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      odds[i] = Math.exp(logits[i] - largest);
      sum += odds[i];
    }
    double total = sum;
    return best(logits, count).stream()
        .map(i -> new Label(i, names.get(i), (float) (odds[i] / total)))
        .toList();
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

  /** Places of the largest logits, best first; the first of equal ones comes first. */
  private static List<Integer> best(float[] logits, int count) {
    // By logits, because small odds all become zero.
    Comparator<Integer> worstFirst =
        Comparator.<Integer>comparingDouble(i -> logits[i])
            .thenComparing(Comparator.<Integer>reverseOrder());
    PriorityQueue<Integer> kept = new PriorityQueue<>(worstFirst);
    for (int i = 0; i < logits.length; i++) {
      kept.add(i);
      if (kept.size() > count) {
        kept.remove();
      }
    }
    return kept.stream().sorted(worstFirst.reversed()).toList();
  }
}
