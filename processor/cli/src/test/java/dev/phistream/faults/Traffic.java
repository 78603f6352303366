package dev.phistream.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.EncodedImages;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends events that a seed determines: tiny images of all tiers, some for a variant of their own
 * choice, and four in a hundred poison (torn images, bytes that are no event, a variant that does
 * not exist).
 */
final class Traffic implements AutoCloseable {
  private static final int IMAGES = 32;
  private static final int SIDE = 24;

  /** Longer than a broker is away. */
  private static final int DELIVERY_TIMEOUT_MILLIS = 180_000;

  private final FaultTopics topics;
  private final int partitions;
  private final List<String> variants;
  private final Random random;
  private final List<byte[]> images;
  private final Producer<byte[], byte[]> producer;
  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private int count;

  Traffic(String bootstrap, FaultTopics topics, int partitions, List<String> variants, long seed) {
    this.topics = topics;
    this.partitions = partitions;
    this.variants = variants;
    this.random = new Random(seed);
    this.images =
        IntStream.range(0, IMAGES).mapToObj(i -> EncodedImages.jpeg(SIDE, SIDE, seed + i)).toList();
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "delivery.timeout.ms",
                DELIVERY_TIMEOUT_MILLIS,
                "max.block.ms",
                DELIVERY_TIMEOUT_MILLIS),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Hands events to the producer, for all partitions and tiers. */
  void send(int events) {
    for (int i = 0; i < events; i++) {
      send(random.nextInt(partitions), tier());
    }
    producer.flush();
  }

  /** The same for one partition and tier. */
  void burst(int events, int partition) {
    Tier tier = FaultTopics.TIERS.get(random.nextInt(FaultTopics.TIERS.size()));
    for (int i = 0; i < events; i++) {
      send(partition % partitions, tier);
    }
    producer.flush();
  }

  /** Events that the broker has acknowledged. */
  Collection<Sent> sent() {
    Exception error = failure.get();
    if (error != null) {
      throw new AssertionError("an event was not acknowledged", error);
    }
    return sent;
  }

  @Override
  public void close() {
    producer.close();
  }

  private void send(int partition, Tier tier) {
    String id = "e" + count++;
    byte[] image = images.get(random.nextInt(images.size()));
    switch (random.nextInt(100)) {
      case 0, 1 -> send(id, partition, tier, null, cutOff(image), true);
      case 2 -> send(id, partition, tier, "no-such-variant", image, true);
      case 3 -> {
        byte[] junk = new byte[1 + random.nextInt(64)];
        random.nextBytes(junk);
        // What cannot be read keeps the order of the default tier.
        send(id, partition, Tier.BALANCED, junk, true);
      }
      case 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 ->
          send(id, partition, tier, variants.get(random.nextInt(variants.size())), image, false);
      default -> send(id, partition, tier, null, image, false);
    }
  }

  private Tier tier() {
    Tier[] tiers = Tier.values();
    return tiers[random.nextInt(tiers.length)];
  }

  private void send(
      String id, int partition, Tier tier, @Nullable String variant, byte[] image, boolean poison) {
    ImageEvent event =
        ImageEvents.builder(id, "faults", Instant.EPOCH, image)
            .setTier(tier)
            .setVariant(variant)
            .build();
    send(
        id,
        partition,
        tier == Tier.DEFAULT ? Tier.BALANCED : tier,
        SingleObjectCodec.imageEvents().encode(event),
        poison);
  }

  private void send(String id, int partition, Tier tier, byte[] value, boolean poison) {
    // One key per partition, so that its results meet in one partition and show their order.
    byte[] key = ("p" + partition).getBytes(UTF_8);
    var unused =
        producer.send(
            new ProducerRecord<>(topics.input(), partition, key, value),
            (place, error) -> {
              if (error != null) {
                failure.compareAndSet(null, error);
              } else {
                sent.add(new Sent(new Place(place.partition(), place.offset()), id, tier, poison));
              }
            });
  }

  private static byte[] cutOff(byte[] file) {
    return Arrays.copyOf(file, file.length / 2);
  }
}
