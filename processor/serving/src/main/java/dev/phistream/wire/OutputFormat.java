package dev.phistream.wire;

/** Wire formats of results. */
public enum OutputFormat {
  /** Classifications in Avro. */
  AVRO,
  /** Classifications as JSON objects. */
  JSON
}
