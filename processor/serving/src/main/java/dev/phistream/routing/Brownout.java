package dev.phistream.routing;

import dev.phistream.latency.Prediction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a tier has stepped down its list of variants. It steps down when its objective is about
 * to be broken by what waits, or is being broken by answers. A step is given half of the objective
 * to show what it does, unless what waits grows on. It steps up when the larger variant would have
 * carried the load of a whole period with room to spare, and never sooner than a period after any
 * step; so it does not go back and forth faster than that. Time is what the caller says it is; it
 * never goes back. Thread-safe.
 */
final class Brownout {
  private static final int STEPS_IN_OBJECTIVE = 2;

  /** So much more waiting than at a step says that the step was not enough. */
  private static final double GROWTH = 1.25;

  /** Late answers are a share of at least so many, lest one of few counts as many. */
  private static final int FEWEST_ANSWERS = 100;

  /** Part of the devices that the larger variant may take for a step up. */
  private static final double SPARE_LOAD = 0.8;

  /** Part of the waiting that leads down which a step up allows. */
  private static final double SPARE_WAITING = 0.5;

  /**
   * Calm periods before a variant is tried that is predicted to be too slow by itself: predictions
   * of what is not in use are old.
   */
  private static final int PERIODS_TO_A_TRIAL = 10;

  /** What would be, with the variant of a level. */
  interface LoadForecast {
    /** What one more event would take. */
    Prediction predict(int level);

    /** What the last period's events would have taken of the devices, 1 for all of their time. */
    double load(int level);
  }

  private final BrownoutPolicy policy;
  private final long objectiveNanos;
  private final int lowest;
  private final SlidingSum answers;
  private final SlidingSum late;
  private int level;
  private boolean stepped;
  private long lastStepNanos;
  private long waitingAtStepNanos;
  private boolean calm;
  private long calmSinceNanos;
  private @Nullable String reason;

  /**
   * Creates the controller of a tier that is at its first variant.
   *
   * @param variants how many the tier has
   */
  Brownout(BrownoutPolicy policy, Duration objective, int variants) {
    this.policy = policy;
    this.objectiveNanos = objective.toNanos();
    this.lowest = variants - 1;
    this.answers = new SlidingSum(policy.period().toNanos());
    this.late = new SlidingSum(policy.period().toNanos());
  }

  /** Where an event goes that arrives now: 0 for the tier's first variant. */
  synchronized int arrive(long nowNanos, LoadForecast forecast) {
    Prediction predicted = forecast.predict(level);
    String broken = broken(nowNanos, predicted);
    long waiting = predicted.waiting().toNanos();
    if (broken != null && level < lowest && isTimeToStepDown(nowNanos, waiting)) {
      reason = broken;
      waitingAtStepNanos = waiting;
      step(1, nowNanos);
    } else if (level > 0 && broken == null && isCalm(nowNanos, forecast)) {
      waitingAtStepNanos = 0;
      step(-1, nowNanos);
    }
    return level;
  }

  /**
   * An event that went where {@link #arrive} said was answered. Those that came before the last
   * step tell nothing of where the tier is now.
   */
  synchronized void answered(long arrivedNanos, long nowNanos) {
    if (stepped && arrivedNanos < lastStepNanos) {
      return;
    }
    answers.add(nowNanos, 1);
    if (nowNanos - arrivedNanos > objectiveNanos) {
      late.add(nowNanos, 1);
    }
  }

  /** The level without an arrival. */
  synchronized int level() {
    return level;
  }

  /** Why it stepped down last; null if it never did. */
  synchronized @Nullable String reason() {
    return reason;
  }

  private @Nullable String broken(long nowNanos, Prediction predicted) {
    long compute = predicted.compute().toNanos();
    long waiting = predicted.waiting().toNanos();
    if (compute >= objectiveNanos) {
      return "%d ms of computing predicted, objective %d ms"
          .formatted(millis(compute), millis(objectiveNanos));
    }
    if (waiting > policy.waitShare() * (objectiveNanos - compute)) {
      return "%d ms of waiting predicted, objective %d ms"
          .formatted(millis(waiting), millis(objectiveNanos));
    }
    long all = answers.sum(nowNanos);
    long tooLate = late.sum(nowNanos);
    if (tooLate > policy.lateShare() * Math.max(FEWEST_ANSWERS, all)) {
      return "%d of %d answers later than the objective of %d ms"
          .formatted(tooLate, all, millis(objectiveNanos));
    }
    return null;
  }

  private boolean isTimeToStepDown(long nowNanos, long waitingNanos) {
    return isSince(lastStepNanos, nowNanos, objectiveNanos / STEPS_IN_OBJECTIVE)
        || (waitingAtStepNanos > 0 && waitingNanos >= GROWTH * waitingAtStepNanos);
  }

  /** Whether the larger variant would have done for long enough. */
  private boolean isCalm(long nowNanos, LoadForecast forecast) {
    Prediction larger = forecast.predict(level - 1);
    boolean now =
        larger.waiting().toNanos() <= SPARE_WAITING * policy.waitShare() * objectiveNanos
            && forecast.load(level - 1) <= SPARE_LOAD;
    if (now && !calm) {
      calmSinceNanos = nowNanos;
    }
    calm = now;
    long period = policy.period().toNanos();
    long needed =
        larger.compute().toNanos() < objectiveNanos ? period : PERIODS_TO_A_TRIAL * period;
    return now && nowNanos - calmSinceNanos >= needed && isSince(lastStepNanos, nowNanos, period);
  }

  private void step(int by, long nowNanos) {
    level += by;
    stepped = true;
    lastStepNanos = nowNanos;
    calm = false;
    answers.clear();
    late.clear();
  }

  private boolean isSince(long thenNanos, long nowNanos, long nanos) {
    return !stepped || nowNanos - thenNanos >= nanos;
  }

  private static long millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis();
  }
}
