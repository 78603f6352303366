package dev.phistream.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one scenario found.
 *
 * @param scenario its name
 * @param setup what was measured, in words
 * @param figures in order of importance
 * @param notes what one must know to read them
 * @param memory samples over events, for the memory scenario
 */
public record ScenarioReport(
    String scenario,
    String setup,
    List<Figure> figures,
    List<String> notes,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<MemorySample> memory) {
  /** Copies the lists. */
  public ScenarioReport {
    figures = List.copyOf(figures);
    notes = List.copyOf(notes);
    memory = List.copyOf(memory);
  }

  /** Without samples of memory. */
  ScenarioReport(String scenario, String setup, List<Figure> figures, List<String> notes) {
    this(scenario, setup, figures, notes, List.of());
  }

  /**
   * A measured figure.
   *
   * @param name what it is
   * @param unit of all its values; empty for a ratio
   * @param value the median over the rounds
   * @param rounds a value per round
   * @param goal what it should be, or null if nothing is asked of it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Figure(
      String name, String unit, double value, List<Double> rounds, @Nullable Goal goal) {
    static Figure of(String name, String unit, List<Double> rounds) {
      return new Figure(name, unit, Medians.of(rounds), List.copyOf(rounds), null);
    }

    static Figure of(String name, String unit, double value) {
      return of(name, unit, List.of(value));
    }

    Figure atLeast(double bound) {
      return new Figure(name, unit, value, rounds, new Goal("at least", bound, value >= bound));
    }

    Figure atMost(double bound) {
      return new Figure(name, unit, value, rounds, new Goal("at most", bound, value <= bound));
    }
  }

  /**
   * What a figure should be.
   *
   * @param sense {@code at least} or {@code at most}
   * @param bound in the figure's unit
   * @param reached whether the median is
   */
  public record Goal(String sense, double bound, boolean reached) {}
}
