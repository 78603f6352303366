package dev.phistream.bench;

import dev.phistream.client.ClientException;
import dev.phistream.client.EventFormat;
import dev.phistream.client.EventSender;
import dev.phistream.client.KafkaConnection;
import dev.phistream.schema.ImageEvents;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Puts image events on a topic, to be read later. */
final class Backlog {
  private Backlog() {}

  /**
   * Sends the pictures in turn until there are {@code count} events on the topic.
   *
   * @throws ExecutionException when one is not acknowledged
   */
  static void send(
      KafkaConnection kafka, String topic, EventFormat format, List<byte[]> pictures, int count)
      throws ClientException, InterruptedException, ExecutionException {
    CompletableFuture<?>[] sent = new CompletableFuture<?>[count];
    try (EventSender sender = EventSender.connect(kafka, topic, format)) {
      for (int i = 0; i < count; i++) {
        byte[] picture = pictures.get(i % pictures.size());
        sent[i] =
            sender.send(
                ImageEvents.builder("bench-" + i, "bench", Instant.now(), picture).build(), null);
      }
    }
    CompletableFuture.allOf(sent).get();
  }
}
