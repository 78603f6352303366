package dev.phistream.wire;

/** Wire formats of events. */
public enum InputFormat {
  /** Image events in Avro. */
  AVRO,
  /** Encoded images as they are, what else there is to know in headers. */
  RAW
}
