package dev.phistream.bench;

import dev.phistream.client.EventFormat;
import dev.phistream.client.EventSender;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.schema.ImageEvents;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Puts image events on a topic, to be read later. */
final class Backlog {
  private Backlog() {}

  /**
   * Sends the images in turn until there are {@code count} events on the topic.
   *
   * @throws ExecutionException when one is not acknowledged
   */
  static void send(
      KafkaConnection kafka, String topic, EventFormat format, List<byte[]> images, int count)
      throws ClusterException, InterruptedException, ExecutionException {
    CompletableFuture<?>[] sent = new CompletableFuture<?>[count];
    try (EventSender sender = EventSender.connect(kafka, topic, format)) {
      for (int i = 0; i < count; i++) {
        byte[] image = images.get(i % images.size());
        sent[i] =
            sender.send(
                ImageEvents.builder("bench-" + i, "bench", Instant.now(), image).build(), null);
      }
    }
    CompletableFuture.allOf(sent).get();
  }
}
