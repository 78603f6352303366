package dev.phistream.bench;

import dev.phistream.client.EventFormat;
import dev.phistream.client.EventSender;
import dev.phistream.event.Tier;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.schema.ImageEvents;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Sends events of one tier, one after the other. Thread-safe. */
final class EventSource implements AutoCloseable {
  private final EventSender sender;
  private final String name;
  private final Tier tier;
  private final List<byte[]> images;
  private final AtomicLong sent = new AtomicLong();

  private EventSource(EventSender sender, String name, Tier tier, List<byte[]> images) {
    this.sender = sender;
    this.name = name;
    this.tier = tier;
    this.images = images;
  }

  /**
   * Connects.
   *
   * @param name begins each event's id
   */
  static EventSource open(
      KafkaConnection kafka, String topic, String name, Tier tier, List<byte[]> images)
      throws BenchException {
    try {
      return new EventSource(
          EventSender.connect(kafka, topic, EventFormat.avro()), name, tier, images);
    } catch (ClusterException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    }
  }

  /** An id that no event has had. */
  String nextId() {
    return name + "-" + sent.getAndIncrement();
  }

  /** Sends an event without waiting for Kafka; a loss shows in the result that does not come. */
  void send(String id) {
    byte[] image = images.get(Math.floorMod(id.hashCode(), images.size()));
    var unused =
        sender.send(
            ImageEvents.builder(id, "bench", Instant.now(), image).setTier(tier).build(), null);
  }

  @Override
  public void close() {
    sender.close();
  }
}
