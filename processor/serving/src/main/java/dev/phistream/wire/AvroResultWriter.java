package dev.phistream.wire;

import dev.phistream.event.Classification;
import dev.phistream.schema.SingleObjectCodec;

/** Classifications as Avro single objects. Thread-safe. */
public final class AvroResultWriter implements ResultWriter {
  private final SingleObjectCodec<Classification> codec = SingleObjectCodec.classifications();

  @Override
  public byte[] write(String topic, Classification classification) {
    return codec.encode(classification);
  }
}
