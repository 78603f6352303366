package dev.phistream.weights;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for settings under which a model fits labelled images better than under its own: wrong
 * padding, eps, channels or normalisation give no error, only worse labels. From setting to setting
 * it changes one aspect, as long as the loss falls by more than chance explains.
 */
public final class SettingSearch {
  /**
   * Standard errors of the mean difference: about one search in a hundred finds something by
   * chance, for each tries about ten settings.
   */
  private static final double CERTAIN = 3.1;

  /** Nats; less does not tell in labels. */
  private static final double LEAST_GAIN = 0.02;

  /** Of two settings that are as good, the one that comes first changes less. */
  private static final double TIE = 0.005;

  private static final int MOST_STEPS = 4;

  /** Runs a model under a setting. */
  public interface Trial<E extends Exception> {
    /** What it says of the images, always in the same order. */
    Judgement judge(Setting setting) throws E;
  }

  /**
   * What was found.
   *
   * @param own what the model says under its own setting
   * @param better the best setting that was found; null if none is better
   * @param best what the model says under it
   * @param tried settings that were tried beside its own
   */
  public record Result(Judgement own, @Nullable Setting better, Judgement best, int tried) {}

  private SettingSearch() {}

  /**
   * Searches.
   *
   * @param setting the model's own
   */
  public static <E extends Exception> Result search(Setting setting, Trial<E> trial) throws E {
    Judgement own = trial.judge(setting);
    Setting at = setting;
    Judgement best = own;
    List<Setting> tried = new ArrayList<>(List.of(setting));
    for (int step = 0; step < MOST_STEPS; step++) {
      Judgement before = best;
      Setting next = null;
      for (Setting neighbour : at.neighbours()) {
        if (tried.contains(neighbour)) {
          continue;
        }
        tried.add(neighbour);
        Judgement judgement = trial.judge(neighbour);
        if (isBetter(judgement, before) && best.meanLogLoss() - judgement.meanLogLoss() > TIE) {
          next = neighbour;
          best = judgement;
        }
      }
      if (next == null) {
        break;
      }
      at = next;
    }
    return new Result(own, at.equals(setting) ? null : at, best, tried.size() - 1);
  }

  private static boolean isBetter(Judgement candidate, Judgement than) {
    return than.meanLogLoss() - candidate.meanLogLoss() > LEAST_GAIN
        && than.standardErrorsAbove(candidate) > CERTAIN;
  }
}
