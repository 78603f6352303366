package dev.phistream.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Mixtures of two images (Zhang et al., arXiv 1710.09412): each with its opposite in the batch. */
final class Mixup {
  private Mixup() {}

  /** Draws how much of a mixture is the first image, from Beta(α, α), by Jöhnk's method. */
  static double share(double alpha, Random random) {
    while (true) {
      double a = Math.pow(random.nextDouble(), 1 / alpha);
      double b = Math.pow(random.nextDouble(), 1 / alpha);
      if (a + b > 0 && a + b <= 1) {
        return a / (a + b);
      }
    }
  }

  /** Mixes each image with the one at the opposite place of the batch. */
  static List<byte[]> mixed(List<byte[]> views, double share) {
    List<byte[]> mixed = new ArrayList<>();
    for (int i = 0; i < views.size(); i++) {
      byte[] one = views.get(i);
      byte[] other = views.get(views.size() - 1 - i);
      byte[] both = new byte[one.length];
      for (int p = 0; p < both.length; p++) {
        both[p] = (byte) Math.round(share * (one[p] & 0xff) + (1 - share) * (other[p] & 0xff));
      }
      mixed.add(both);
    }
    return mixed;
  }
}
