package dev.phistream.bench;

import java.util.List;

/**
 * What the stream benchmark measured in one run.
 *
 * @param schema {@link #SCHEMA}
 * @param measuredAt when, ISO 8601
 * @param machine where
 * @param model of throughput, single and peers
 * @param meanImageBytes mean size of its images
 * @param scenarios in the order in which they ran
 */
public record StreamReport(
    String schema,
    String measuredAt,
    MachineFacts machine,
    String model,
    long meanImageBytes,
    List<ScenarioReport> scenarios) {
  /** Names the form. */
  public static final String SCHEMA = "phistream/bench-stream/2";

  /** Copies the list. */
  public StreamReport {
    scenarios = List.copyOf(scenarios);
  }

  /** As JSON text. */
  public String toJson() {
    return Json.pretty(this);
  }
}
