package dev.phistream.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.phistream.event.Classification;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Label;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.event.Tier;
import dev.phistream.event.Timings;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.EncodedImages;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A topic of events to replay, and where their labels go. */
final class ReplayBed {
  static final Instant DAY = Instant.parse("2026-11-01T00:00:00Z");
  static final int PARTITIONS = 3;
  private static final SingleObjectCodec<ImageEvent> EVENTS = SingleObjectCodec.imageEvents();
  private static final byte[] IMAGE = EncodedImages.jpeg(64, 64, 1);

  final String topic;
  final String out;
  private final BrokerKit kafka;
  private final Path models;

  ReplayBed(BrokerKit kafka, Path models) {
    this.kafka = kafka;
    this.models = models;
    this.topic = kafka.unique("images");
    this.out = kafka.unique("backfill");
    kafka.createTopics(PARTITIONS, topic);
  }

  /** Events {@code 0 … count - 1}, a second apart, in turn over the partitions. */
  void send(int count) {
    kafka.send(IntStream.range(0, count).mapToObj(this::event).toList());
  }

  /** Odd numbers are of camera-1, multiples of three of the night and of tier accuracy. */
  ProducerRecord<byte[], byte[]> event(int number) {
    return event(number, number % PARTITIONS, DAY.plusSeconds(number), IMAGE);
  }

  ProducerRecord<byte[], byte[]> event(int number, int partition, Instant time, byte[] image) {
    ImageEvent event =
        ImageEvents.builder(String.valueOf(number), "camera-" + number % 2, time, image)
            .setTier(number % 3 == 0 ? Tier.ACCURACY : Tier.DEFAULT)
            .setAttributes(new TreeMap<>(Map.of("shift", number % 3 == 0 ? "night" : "day")))
            .build();
    return new ProducerRecord<>(
        topic,
        partition,
        time.toEpochMilli(),
        String.valueOf(number).getBytes(UTF_8),
        EVENTS.encode(event));
  }

  ProducerRecord<byte[], byte[]> event(int number, int partition, Instant time) {
    return event(number, partition, time, IMAGE);
  }

  /** An earlier result for an event of {@link #send}. */
  ProducerRecord<byte[], byte[]> result(String results, int number, String label, double score) {
    return new ProducerRecord<>(
        results,
        SingleObjectCodec.classifications()
            .encode(
                Classification.newBuilder()
                    .setEventId(String.valueOf(number))
                    .setSource("camera-0")
                    .setLabels(List.of(new Label(0, label, (float) score)))
                    .setVariant("old")
                    .setModel(new ModelReference("old", "00"))
                    .setEngine("mxnet")
                    .setDevice("cpu")
                    .setRequestedTier(Tier.BALANCED)
                    .setDegraded(null)
                    .setBatchSize(1)
                    .setTimings(new Timings(1.0, 1.0, 1.0, 3.0, 0.0))
                    .setOrigin(new Origin(topic, number % PARTITIONS, (long) (number / PARTITIONS)))
                    .setClassifiedAt(DAY)
                    .setLoad(null)
                    .setCascade(null)
                    .build()));
  }

  CommandRun replay(String... arguments) {
    return CommandRun.of(arguments(arguments).toArray(String[]::new));
  }

  List<String> arguments(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "replay",
                "--bootstrap",
                kafka.bootstrap(),
                "--topic",
                topic,
                "--out",
                out,
                "--set=model-repository=" + models,
                "--set=models=small,large",
                "--set=workers=1"));
    List<String> rest = new ArrayList<>(List.of(more));
    if (rest.get(0).equals("--topic")) { // another than the bed's
      all.set(all.indexOf("--topic") + 1, rest.get(1));
      rest.subList(0, 2).clear();
    }
    all.addAll(rest);
    return all;
  }

  List<Classification> labels() {
    List<Classification> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.readAll(out)) {
      try {
        all.add(SingleObjectCodec.classifications().decode(record.value()));
      } catch (UnreadableRecordException e) {
        throw new AssertionError("a label that cannot be read", e);
      }
    }
    return all;
  }

  List<Integer> labelled() {
    return labels().stream().map(label -> Integer.valueOf(label.getEventId())).sorted().toList();
  }

  static String time(int seconds) {
    return DAY.plusSeconds(seconds).toString();
  }
}
