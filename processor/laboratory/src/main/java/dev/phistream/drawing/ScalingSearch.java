package dev.phistream.drawing;

import dev.phistream.inference.InferenceException;
import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.ModelException;
import dev.phistream.model.Network;
import dev.phistream.model.Scaling;
import dev.phistream.model.ScalingGrid;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The paper's search for α, β and γ, with a base network that is small enough to train many times:
 * FLOPs are counted, accuracy is learnt by short trainings.
 *
 * @param architecture the block table
 * @param base scaling of the base network
 * @param phi at which the candidates are compared
 */
public record ScalingSearch(Architecture architecture, Scaling base, double phi) {
  /**
   * A point of the grid.
   *
   * @param bases α, β and γ
   * @param scaling of the architecture
   * @param network after all rounding; several points may round to the same
   */
  public record Candidate(CompoundScaling bases, Scaling scaling, Network network) {}

  /**
   * A candidate with what it has learnt.
   *
   * @param accuracy null if there was no time to train it
   */
  public record Result(Candidate candidate, @Nullable Accuracy accuracy) {}

  /** Is told how the search goes. */
  public interface Listener {
    /** Trainings are about to begin, after a trial of the speed. */
    void begin(int networks, Duration estimate);

    /** A network was trained. */
    void trained(Candidate candidate, Accuracy accuracy);

    /** A network was left out, because the time was up. */
    void leftOut(Candidate candidate);
  }

  /** The base network itself, as a candidate. */
  public Candidate baseline() {
    return candidate(new CompoundScaling(1, 1, 1, base.resolution()));
  }

  /**
   * All points of the grid, those first whose counted FLOPs are nearest to 2^φ times the base's.
   */
  public List<Candidate> candidates(ScalingGrid grid) {
    double wanted = Math.pow(2, phi) * baseline().network().flops();
    return grid.candidates(base.resolution()).stream()
        .map(this::candidate)
        .sorted(
            Comparator.comparingDouble(
                candidate -> Math.abs(Math.log(candidate.network().flops() / wanted))))
        .toList();
  }

  private Candidate candidate(CompoundScaling bases) {
    Scaling scaling = bases.at(phi, base);
    return new Candidate(bases, scaling, architecture.scaled(scaling, Subject.ALL.size()));
  }

  /**
   * Trains each different network once.
   *
   * @param limit no training begins that would probably end later than this after the first
   * @return best first; what was not trained last
   */
  public List<Result> train(
      List<Candidate> candidates, ShortTraining training, Duration limit, Listener listener)
      throws IOException, ModelException, InferenceException {
    if (candidates.isEmpty()) {
      return List.of();
    }
    Set<Network> networks = new LinkedHashSet<>();
    candidates.forEach(candidate -> networks.add(candidate.network()));
    long work = networks.stream().mapToLong(Network::flops).sum();
    Candidate trial = candidates.get(0);
    double secondsPerFlop =
        training.estimate(architecture, trial.scaling()) / trial.network().flops();
    listener.begin(networks.size(), seconds(secondsPerFlop * work));
    long begin = System.nanoTime();
    Map<Network, Accuracy> learnt = new HashMap<>();
    List<Result> results = new ArrayList<>();
    for (Candidate candidate : candidates) {
      Network network = candidate.network();
      Duration end =
          Duration.ofNanos(System.nanoTime() - begin)
              .plus(seconds(secondsPerFlop * network.flops()));
      Accuracy accuracy = learnt.get(network);
      if (accuracy == null && end.compareTo(limit) <= 0) {
        accuracy = training.train(architecture, candidate.scaling());
        learnt.put(network, accuracy);
        listener.trained(candidate, accuracy);
      } else if (accuracy == null) {
        listener.leftOut(candidate);
      }
      results.add(new Result(candidate, accuracy));
    }
    results.sort(Comparator.comparingDouble(ScalingSearch::share).reversed());
    return results;
  }

  private static double share(Result result) {
    Accuracy accuracy = result.accuracy();
    return accuracy == null ? -1 : accuracy.share();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (1000 * seconds));
  }
}
