package dev.phistream.wire;

import dev.phistream.event.Classification;

/**
 * Classifications as JSON objects in UTF-8, as {@link ClassificationJson} has them. Thread-safe.
 */
public final class JsonResultWriter implements ResultWriter {
  @Override
  public byte[] write(String topic, Classification classification) {
    return ClassificationJson.bytes(classification);
  }

  @Override
  public String contentType() {
    return "application/json";
  }
}
