package dev.phistream.bench;

import dev.phistream.bench.peer.BenchSubject;
import dev.phistream.bench.peer.CamelPeer;
import dev.phistream.bench.peer.MapValuesPeer;
import dev.phistream.bench.peer.PeerJob;
import dev.phistream.config.ConfigException;
import dev.phistream.config.KafkaClient;
import dev.phistream.config.Settings;
import dev.phistream.inference.DeviceChoice;
import dev.phistream.inference.DeviceException;
import dev.phistream.kafka.ClusterException;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.repository.ModelRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * A process that is measured: takes a {@link StreamJob} per line and answers each with a {@link
 * StreamReply}. Each way of doing the work has one of its own, so that none profits from or pays
 * for what the JVM learned from another, and Kafka's server and the measuring are in neither.
 */
public final class StreamProcess implements Protocol.Work<StreamJob, StreamReply> {
  private @Nullable BareLoop bare;
  private @Nullable BenchSubject running;
  private CpuUse usedBefore = CpuUse.now();

  private StreamProcess() {}

  /** Takes no arguments; jobs come line by line. */
  public static void main(String[] args) throws IOException {
    Protocol.serve(StreamJob.class, new StreamProcess());
  }

  @Override
  public void run(StreamJob job, Consumer<StreamReply> replies) throws Exception {
    replies.accept(work(job));
  }

  private StreamReply work(StreamJob job) throws Exception {
    return switch (job.command()) {
      case BARE_RATE ->
          StreamReply.values(List.of(bare(job).imagesPerSecond(images(job), job.count())));
      case BARE_LATENCY -> StreamReply.values(bare(job).oneByOneMillis(images(job), job.count()));
      case START -> {
        running = start(job);
        usedBefore = CpuUse.now();
        yield StreamReply.done();
      }
      case STOP -> stop();
      case MEMORY -> {
        System.gc(); // what is garbage is no leak
        yield StreamReply.memory(MemorySample.take(job.count()));
      }
    };
  }

  private BenchSubject start(StreamJob job)
      throws ModelException, ConfigException, ClusterException, BenchException {
    Settings config = config(job.settings());
    return switch (Objects.requireNonNull(job.subject(), "subject")) {
      case PROCESSOR -> ProcessorSubject.start(config);
      case REPLAY -> ReplaySubject.start(job.settings());
      case MAP_VALUES_DJL -> MapValuesPeer.withDjlPreprocessing(peerJob(config));
      case MAP_VALUES -> MapValuesPeer.withOurDecoder(peerJob(config));
      case CAMEL -> CamelPeer.start(peerJob(config));
    };
  }

  private static PeerJob peerJob(Settings config) throws ModelException {
    return new PeerJob(
        config.bootstrap(),
        config.applicationId(),
        config.topics().input(),
        config.topics().labels(),
        config
            .kafka()
            .value(KafkaClient.STREAMS, StreamsConfig.PROCESSING_GUARANTEE_CONFIG)
            .orElse(BenchEnvironment.EXACTLY_ONCE),
        model(config),
        Runtime.getRuntime().availableProcessors());
  }

  private static Model model(Settings config) throws ModelException {
    return ModelRepository.locator(config.modelRepository()).find(config.models().get(0)).load();
  }

  private StreamReply stop() {
    BenchSubject subject = Objects.requireNonNull(running, "nothing runs");
    CpuUse used = CpuUse.now().since(usedBefore);
    subject.close();
    running = null;
    return new StreamReply(List.of(), used, subject.firstTakenMillis(), null);
  }

  private BareLoop bare(StreamJob job) throws ModelException, DeviceException, ConfigException {
    if (bare == null) {
      Settings config = config(job.settings());
      bare =
          new BareLoop(
              config.engine(),
              DeviceChoice.parse(config.device()),
              model(config),
              Runtime.getRuntime().availableProcessors(),
              config.batch().maxSize());
    }
    return bare;
  }

  private static Settings config(Map<String, String> settings) throws ConfigException {
    return Settings.of(settings);
  }

  private static List<byte[]> images(StreamJob job) throws IOException {
    Path directory = Path.of(Objects.requireNonNull(job.images(), "images"));
    List<byte[]> images = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        images.add(Files.readAllBytes(file));
      }
    }
    return images;
  }

  @Override
  public void close() {
    if (running != null) {
      running.close();
    }
    if (bare != null) {
      bare.close();
    }
  }
}
