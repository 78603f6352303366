package dev.phistream.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.model.Architecture;
import dev.phistream.model.Scaling;
import dev.phistream.model.ScalingGrid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the tiniest networks and trainings of two steps. */
@Timeout(120)
class ScalingSearchTest {
  private static final ScalingGrid GRID = new ScalingGrid(0.5, 0.5);

  private final ScalingSearch search =
      new ScalingSearch(Architecture.MOBILENET_V1, new Scaling(0.125, 0.25, 32), 1);
  private final Notes notes = new Notes();

  @Test
  void candidates_come_by_how_near_their_work_is_to_the_promise() {
    long base = search.baseline().network().flops();

    List<Double> distances =
        search.candidates(GRID).stream()
            .map(candidate -> Math.abs(Math.log(candidate.network().flops() / (2.0 * base))))
            .toList();

    assertThat(distances).hasSizeGreaterThan(2).isSorted();
  }

  @Test
  void networks_that_round_to_the_same_are_trained_once() throws Exception {
    List<ScalingSearch.Candidate> candidates = search.candidates(GRID);
    long different = candidates.stream().map(ScalingSearch.Candidate::network).distinct().count();

    List<ScalingSearch.Result> results =
        search.train(candidates, training(), Duration.ofMinutes(10), notes);

    assertThat(different).isLessThan(candidates.size());
    assertThat(notes.lines).hasSize((int) different + 1).doesNotContain("left out");
    assertThat(results).hasSameSizeAs(candidates);
    assertThat(results.stream().map(result -> shareOf(result)).toList())
        .isSortedAccordingTo((one, other) -> Double.compare(other, one))
        .doesNotContain(-1.0);
  }

  @Test
  void what_does_not_fit_the_time_is_left_out() throws Exception {
    List<ScalingSearch.Candidate> candidates = search.candidates(GRID);

    List<ScalingSearch.Result> results = search.train(candidates, training(), Duration.ZERO, notes);

    assertThat(results).allSatisfy(result -> assertThat(result.accuracy()).isNull());
    assertThat(notes.lines.subList(1, notes.lines.size())).containsOnly("left out");
  }

  private static ShortTraining training() throws Exception {
    return new ShortTraining(new ShortTraining.Options(64, 40, 1, 1));
  }

  private static double shareOf(ScalingSearch.Result result) {
    Accuracy accuracy = result.accuracy();
    return accuracy == null ? -1 : accuracy.share();
  }

  private static final class Notes implements ScalingSearch.Listener {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void begin(int networks, Duration estimate) {
      lines.add("begin " + networks);
    }

    @Override
    public void trained(ScalingSearch.Candidate candidate, Accuracy accuracy) {
      lines.add("trained");
    }

    @Override
    public void leftOut(ScalingSearch.Candidate candidate) {
      lines.add("left out");
    }
  }
}
