package dev.phistream.bench;

import dev.phistream.planning.EventWork;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How plans compare with real runs.
 *
 * @param schema {@link #SCHEMA}
 * @param measuredAt when it was done, ISO 8601
 * @param machine where
 * @param work what events cost it, over all rounds and loads
 * @param scenario what was found
 */
public record PlanReport(
    String schema,
    String measuredAt,
    MachineFacts machine,
    EventWork work,
    ScenarioReport scenario) {
  /** Names the form; another number means that older readers cannot understand it. */
  public static final String SCHEMA = "phistream/bench-plan/1";

  /** What is read of a report; one of before it was measured has no work. */
  record Costs(String schema, EventWork work) {
    Costs {
      Objects.requireNonNull(work, "work");
    }
  }

  /** As JSON text. */
  public String toJson() {
    return Json.pretty(this);
  }

  /**
   * Reads what events cost the machine from what {@code bench plan --json} wrote.
   *
   * @throws BenchException naming the file and what is wrong with it
   */
  public static EventWork readWork(Path file) throws BenchException {
    return Json.read(file, Costs.class, SCHEMA, Costs::schema, "bench plan --json").work();
  }
}
