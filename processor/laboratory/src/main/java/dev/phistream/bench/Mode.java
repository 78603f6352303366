package dev.phistream.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an engine is put to work. */
public enum Mode {
  /** As the processor does: workers side by side, the cores divided among them. */
  @JsonProperty("throughput")
  THROUGHPUT,
  /** One batch at a time on all cores. */
  @JsonProperty("latency")
  LATENCY;

  /** As it is written. */
  public String label() {
    return this == THROUGHPUT ? "throughput" : "latency";
  }
}
