package dev.phistream.bench;

import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Puts image events on a topic, to be read later. */
final class Backlog {
  private final String bootstrap;
  private final int partitions;

  Backlog(String bootstrap, int partitions) {
    this.bootstrap = bootstrap;
    this.partitions = partitions;
  }

  /** Creates the topic and sends the pictures in turn until there are {@code count} events. */
  void send(String topic, List<byte[]> pictures, int count)
      throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
          .all()
          .get();
    }
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.LINGER_MS_CONFIG,
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        byte[] value =
            SingleObjectCodec.imageEvents()
                .encode(
                    ImageEvents.builder(
                            "bench-" + i, "bench", Instant.now(), pictures.get(i % pictures.size()))
                        .setTier(Tier.DEFAULT)
                        .build());
        var unused =
            producer.send(
                new ProducerRecord<>(topic, i % partitions, null, value),
                (metadata, error) -> {
                  if (error != null) {
                    failure.set(error);
                  }
                });
      }
    }
    Exception error = failure.get();
    if (error != null) {
      throw new ExecutionException("the backlog was not taken", error);
    }
  }
}
