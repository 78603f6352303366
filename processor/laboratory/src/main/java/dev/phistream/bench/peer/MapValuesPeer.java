package dev.phistream.bench.peer;

import ai.djl.modality.Classifications;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.apache.commons.io.FileUtils;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** Kafka Streams' {@code mapValues} with one DJL predictor per stream thread. */
public final class MapValuesPeer implements BenchSubject {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final FirstTaken firstTaken;
  private final KafkaStreams streams;
  private final List<ai.djl.Model> models;
  private final Path state;

  private MapValuesPeer(
      FirstTaken firstTaken, KafkaStreams streams, List<ai.djl.Model> models, Path state) {
    this.firstTaken = firstTaken;
    this.streams = streams;
    this.models = models;
    this.state = state;
  }

  /**
   * Starts it with DJL's own decoder and preprocessing.
   *
   * @throws ModelException when the model does not load
   * @throws IllegalStateException when Kafka Streams does not start
   */
  public static MapValuesPeer withDjlPreprocessing(PeerJob job) throws ModelException {
    return start(job, Op.InputType.NORMALISED, DjlModel::standard);
  }

  /** The same with Phistream's decoder. */
  public static MapValuesPeer withOurDecoder(PeerJob job) throws ModelException {
    return start(job, Op.InputType.PIXELS, DjlModel::withOurDecoder);
  }

  private static MapValuesPeer start(
      PeerJob job,
      Op.InputType input,
      BiFunction<ai.djl.Model, Model, DjlModel.Classifier> classifiers)
      throws ModelException {
    List<ai.djl.Model> models = DjlModel.load(job.model(), input, job.threads());
    Queue<DjlModel.Classifier> free = new ConcurrentLinkedQueue<>();
    byte[] blank = DjlModel.blankImage();
    for (ai.djl.Model model : models) {
      DjlModel.Classifier classifier = classifiers.apply(model, job.model());
      classifier.classify(blank);
      free.add(classifier);
    }
    ThreadLocal<DjlModel.Classifier> mine = ThreadLocal.withInitial(free::remove);
    FirstTaken firstTaken = new FirstTaken();
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(job.input(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .mapValues(
            image -> {
              firstTaken.note();
              return text(mine.get().classify(image));
            })
        .to(job.output(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    try {
      Path state = Files.createTempDirectory("phistream-peer-");
      KafkaStreams streams = new KafkaStreams(builder.build(), properties(job, state));
      MapValuesPeer peer = new MapValuesPeer(firstTaken, streams, models, state);
      peer.begin();
      return peer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties properties(PeerJob job, Path state) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, job.group());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, job.bootstrap());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, job.guarantee());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, job.threads());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return properties;
  }

  private void begin() {
    CountDownLatch running = new CountDownLatch(1);
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.RUNNING) {
            running.countDown();
          }
        });
    streams.start();
    try {
      if (!running.await(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        close();
        throw new IllegalStateException("mapValues does not start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new IllegalStateException("interrupted while mapValues started", e);
    }
  }

  /** The best classes as text. */
  static byte[] text(Classifications labels) {
    return labels.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long firstTakenMillis() {
    return firstTaken.millis();
  }

  @Override
  public void close() {
    streams.close();
    models.forEach(ai.djl.Model::close);
    try {
      FileUtils.deleteDirectory(state.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
