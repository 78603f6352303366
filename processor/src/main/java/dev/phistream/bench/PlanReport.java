package dev.phistream.bench;

/**
 * How plans compare with real runs.
 *
 * @param schema {@link #SCHEMA}
 * @param measuredAt when it was done, ISO 8601
 * @param machine where
 * @param scenario what was found
 */
public record PlanReport(
    String schema, String measuredAt, MachineFacts machine, ScenarioReport scenario) {
  /** Names the form; another number means that older readers cannot understand it. */
  public static final String SCHEMA = "phistream/bench-plan/1";

  /** As JSON text. */
  public String toJson() {
    return Json.pretty(this);
  }
}
