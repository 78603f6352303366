package dev.phistream.replay;

/**
 * An allowance that grows with time and may be overdrawn: then nothing more should be spent until a
 * whole group's worth is there again, so that what follows still fills a micro-batch. Not
 * thread-safe.
 */
final class Budget {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final double least;
  private double group;
  private double balance;
  private boolean overdrawn;
  private long refilledNanos;

  /**
   * Creates one that is full.
   *
   * @param perSecond by how much it grows
   * @param group how much should be there before spending goes on
   */
  Budget(double perSecond, double group, long nowNanos) {
    this.perSecond = perSecond;
    this.least = group;
    this.group = group;
    this.balance = group;
    this.refilledNanos = nowNanos;
  }

  /** Spends, also what is not there. */
  void spend(double amount) {
    balance -= amount;
    overdrawn |= balance <= 0;
  }

  /** Corrects what was spent on a guess. */
  void giveBack(double amount) {
    balance += amount;
  }

  /** From now on, so much should be there before spending goes on. */
  void group(double another) {
    group = Math.max(least, another);
  }

  /** Lets time pass; whether spending may go on. */
  boolean refill(long nowNanos) {
    balance =
        Math.min(
            Math.max(balance, group),
            balance + perSecond * (nowNanos - refilledNanos) / NANOS_PER_SECOND);
    refilledNanos = nowNanos;
    if (balance >= group) {
      overdrawn = false;
    }
    return !overdrawn;
  }
}
