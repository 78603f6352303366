package dev.phistream.wire;

/** Wire formats of events. */
public enum InputFormat {
  /** Each record in its own of the formats below, told by its first bytes. */
  AUTO,
  /** Image events in Avro. */
  AVRO,
  /** Image events in JSON, their images in base64. */
  JSON,
  /** Encoded images as they are, what else there is to know in headers. */
  RAW
}
