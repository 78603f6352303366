package dev.phistream.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.phistream.event.Classification;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Label;
import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What docs/integration.md shows between the marks, which IntegrationGuideTest compares. */
@SuppressWarnings("FutureReturnValueIgnored") // the guide says what a real producer does
final class GuideSnippets {
  private GuideSnippets() {}

  static void sendAvro(Producer<String, byte[]> producer, Path file) throws IOException {
    // snippet: send-avro
    SingleObjectCodec<ImageEvent> codec = SingleObjectCodec.imageEvents();
    ImageEvent event =
        ImageEvents.builder("event-1", "camera-7", Instant.now(), Files.readAllBytes(file))
            .setTier(Tier.LATENCY)
            .build();
    producer.send(new ProducerRecord<>("images", "camera-7", codec.encode(event)));
    // end
  }

  static void sendPlain(Producer<String, byte[]> producer, Path file) throws IOException {
    // snippet: send-plain
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>("images", "camera-7", Files.readAllBytes(file));
    record.headers().add("id", "event-1".getBytes(UTF_8)).add("tier", "latency".getBytes(UTF_8));
    producer.send(record);
    // end
  }

  static void readLabels(Consumer<String, byte[]> consumer, PrintStream out)
      throws UnreadableRecordException {
    // snippet: read-labels
    SingleObjectCodec<Classification> codec = SingleObjectCodec.classifications();
    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
      Classification result = codec.decode(record.value());
      Label best = result.getLabels().get(0);
      out.printf("%s: %s %.2f%n", result.getEventId(), best.getLabel(), best.getScore());
    }
    // end
  }
}
