package dev.phistream.training;

import dev.phistream.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How far a fine-tuning has come.
 *
 * @param history the epochs that are done
 * @param best index of the best of them; -1 if none is done
 * @param bestTensors what the best one had learnt, by the network's names
 * @param bestTuned what the network then said of the tuning images, in their order
 */
record Progress(
    List<Epoch> history, int best, Map<String, Tensor> bestTensors, List<Judged> bestTuned) {
  /** Copies the lists. */
  Progress {
    history = List.copyOf(history);
    bestTuned = List.copyOf(bestTuned);
  }

  /** Nothing is done. */
  static Progress none() {
    return new Progress(List.of(), -1, Map.of(), List.of());
  }

  /** The epoch that comes next, from 0. */
  int next() {
    return history.size();
  }

  /** Whether so many epochs brought nothing better. */
  boolean isOver(int patience) {
    return best >= 0 && history.size() - 1 - best >= patience;
  }

  /**
   * With one more epoch.
   *
   * @param always whether it is the best so far in any case, because nothing measures it
   */
  Progress with(
      Epoch epoch, boolean always, Supplier<Map<String, Tensor>> tensors, List<Judged> tuned) {
    List<Epoch> longer = new ArrayList<>(history);
    longer.add(epoch);
    boolean better = always || best < 0 || epoch.tuneLoss() < history.get(best).tuneLoss();
    return better
        ? new Progress(longer, longer.size() - 1, tensors.get(), tuned)
        : new Progress(longer, best, bestTensors, bestTuned);
  }
}
