package dev.phistream.lab;

import dev.phistream.client.EventFormat;
import dev.phistream.client.EventSender;
import dev.phistream.client.FileEvents;
import dev.phistream.client.RequestOptions;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Sends each image through each tier, from a thread of its own, so that labels show meanwhile. */
final class DemoSender {
  private static final String SOURCE = "phistream-demo";

  private final KafkaConnection kafka;
  private final String topic;
  private final DemoScore score;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  DemoSender(KafkaConnection kafka, String topic, DemoScore score) {
    this.kafka = kafka;
    this.topic = topic;
    this.score = score;
  }

  void start(List<Path> files, List<Tier> tiers) {
    Thread thread = new Thread(() -> send(files, tiers), "demo-send");
    thread.setDaemon(true);
    thread.start();
  }

  /** What could not be sent, and why. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  private void send(List<Path> files, List<Tier> tiers) {
    List<FileEvents> events =
        tiers.stream()
            .map(tier -> new FileEvents(SOURCE, RequestOptions.tier(tier), false))
            .toList();
    try (EventSender sender = EventSender.connect(kafka, topic, EventFormat.avro())) {
      for (Path file : files) {
        for (FileEvents ofTier : events) {
          send(file, ofTier, sender);
        }
      }
    } catch (ClusterException e) {
      failures.add(String.valueOf(e.getMessage()));
      score.giveUp();
    }
  }

  private void send(Path file, FileEvents events, EventSender sender) {
    try {
      ImageEvent event = events.event(file);
      score.expect(event.getId(), file);
      var unused =
          sender
              .send(event, null)
              .whenComplete(
                  (place, error) -> {
                    if (error != null) {
                      failed(String.valueOf(error.getMessage()));
                    }
                  });
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  private void failed(String reason) {
    failures.add(reason);
    score.lose();
  }
}
