package dev.phistream.drawing;

import java.util.Random;

/** Cuts a set into batches, in a new order after every shuffle, each image augmented. */
final class Batches {
  /** Images, N×3×H×W uint8, and their N classes. */
  record Batch(byte[] pixels, int[] labels) {}

  private final ImageSet set;
  private final int size;
  private final Random random;
  private final Augmentation augmentation;
  private final int[] order;

  Batches(ImageSet set, int size, Random random) {
    this.set = set;
    this.size = size;
    this.random = random;
    augmentation = new Augmentation(random);
    order = new int[set.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /** Whole batches in the set; what is left over takes its turn after a shuffle. */
  int count() {
    return order.length / size;
  }

  void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
  }

  /**
   * A batch of the present order.
   *
   * @param side of its images, in pixels
   */
  Batch get(int number, int side) {
    int each = 3 * side * side;
    byte[] pixels = new byte[size * each];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      int index = order[number * size + i];
      labels[i] = set.label(index);
      augmentation.apply(set.pixels(index), set.side(), side, pixels, i * each);
    }
    return new Batch(pixels, labels);
  }
}
