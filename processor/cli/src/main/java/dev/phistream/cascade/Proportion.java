package dev.phistream.cascade;

/**
 * How often something was so, and between what it may lie: the exact binomial interval of 95 %
 * (Clopper and Pearson, Biometrika 26, 1934). It is never empty, not even when all or none were so,
 * and covers the truth at least as often as it says.
 *
 * @param count how often it was so
 * @param of how often it was looked at, at least once
 */
public record Proportion(long count, long of) {
  /** Of each end. */
  private static final double TAIL = 0.025;

  private static final int HALVINGS = 50;
  private static final double PRECISION = 1e-12;

  /** Checks both. */
  public Proportion {
    if (of < 1 || count < 0 || count > of) {
      throw new IllegalArgumentException(
          "count, of: %d, %d (expected: 0 <= count <= of, of >= 1)".formatted(count, of));
    }
  }

  /** The share that was so. */
  public double share() {
    return (double) count / of;
  }

  /** Below this the truth is hardly: so many or more would come up in at most 2.5 % of trials. */
  public double low() {
    return count == 0 ? 0 : new Beta(count, of - count + 1).quantile(TAIL);
  }

  /** Above this the truth is hardly: so many or fewer would come up in at most 2.5 % of trials. */
  public double high() {
    return count == of ? 1 : new Beta(count + 1, of - count).quantile(1 - TAIL);
  }

  /** The beta distribution, whose quantiles are the ends of the interval. */
  private record Beta(long a, long b, double logBeta) {
    Beta(long a, long b) {
      this(a, b, -Math.log((double) a) - logBinomial(a + b - 1, Math.min(a, b - 1)));
    }

    double quantile(double probability) {
      double low = 0;
      double high = 1;
      for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (below(middle) < probability) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return (low + high) / 2;
    }

    /** The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22). */
    private double below(double x) {
      double front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta);
      return x < (a + 1.0) / (a + b + 2.0)
          ? front * fraction((double) a, (double) b, x) / a
          : 1 - front * fraction((double) b, (double) a, 1 - x) / b;
    }

    /** Its value by Lentz's method, from the front. */
    private static double fraction(double a, double b, double x) {
      double c = 1;
      double d = 1 / (1 - (a + b) * x / (a + 1));
      double value = d;
      double step = 0;
      for (int m = 1; Math.abs(step - 1) > PRECISION; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        value *= c * d;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        step = c * d;
        value *= step;
      }
      return value;
    }

    private static double logBinomial(long n, long k) {
      double sum = 0;
      for (long i = 1; i <= k; i++) {
        sum += Math.log((double) (n - k + i) / i);
      }
      return sum;
    }
  }
}
