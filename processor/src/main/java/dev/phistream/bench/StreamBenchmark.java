package dev.phistream.bench;

import dev.phistream.broker.BrokerException;
import dev.phistream.broker.EmbeddedBroker;
import dev.phistream.client.ClientException;
import dev.phistream.client.KafkaConnection;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.repository.ModelRepository;
import dev.phistream.runtime.ClusterException;
import dev.phistream.runtime.ConfigException;
import dev.phistream.runtime.ConfigLoader;
import dev.phistream.runtime.ProcessorConfig;
import dev.phistream.runtime.StreamProcessor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Saturated throughput through Kafka against the same decoding and prediction without it. A backlog
 * lies on an embedded broker in this process; each round measures the bare loop and then the
 * stream, so that both see the same machine.
 */
public final class StreamBenchmark {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration ROUND_TIMEOUT = Duration.ofMinutes(10);

  /** The compiler is busy with Kafka's code for most of a minute; a service runs for days. */
  private static final int WARM_UP_ROUNDS = 3;

  private static final String TIER = "accuracy";

  private final Options options;
  private final Consumer<String> progress;

  /**
   * What to measure.
   *
   * @param events in each round
   * @param rounds at least 1; the medians over them count
   * @param model id or directory of the model
   * @param guarantee Kafka Streams' processing guarantee
   * @param settings further settings of the processor
   */
  public record Options(
      int events, int rounds, String model, String guarantee, Map<String, String> settings) {
    /** Checks the numbers. */
    public Options {
      if (events < 1 || rounds < 1) {
        throw new IllegalArgumentException(
            "events, rounds: %d, %d (expected: >= 1)".formatted(events, rounds));
      }
      settings = Map.copyOf(settings);
    }
  }

  /**
   * Creates a benchmark.
   *
   * @param progress is told what is going on
   */
  public StreamBenchmark(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs it; takes minutes.
   *
   * @param pictures encoded images, sent in turn; null for drawn ones of about 100 kB
   */
  public StreamReport run(@Nullable List<byte[]> pictures)
      throws BrokerException,
          ConfigException,
          ClusterException,
          ModelException,
          ClientException,
          InterruptedException,
          ExecutionException,
          TimeoutException {
    List<byte[]> images = pictures == null ? BenchPictures.draw(64, 1) : pictures;
    ProcessorConfig config = config("localhost:0", "none");
    int cores = Runtime.getRuntime().availableProcessors();
    Model model;
    List<Double> bare = new ArrayList<>();
    List<Double> stream = new ArrayList<>();
    List<Double> batches = new ArrayList<>();
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBroker.Options.temporary())) {
      progress.accept("sending %d events".formatted(options.events()));
      StreamProcessor.createTopics(config(broker.bootstrap(), "none"));
      Backlog.send(
          KafkaConnection.to(broker.bootstrap()),
          config.topics().input(),
          images,
          options.events());
      model = model(config);
      try (BareLoop loop = new BareLoop(model, cores, config.batch().maxSize())) {
        progress.accept("warming up");
        loop.imagesPerSecond(images, options.events());
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
          streamRound(broker, "warm-up-" + round);
        }
        for (int round = 1; round <= options.rounds(); round++) {
          bare.add(loop.imagesPerSecond(images, options.events()));
          ResultCount results = streamRound(broker, String.valueOf(round));
          stream.add(results.perSecond());
          batches.add(results.meanBatch());
          progress.accept(
              "round %d: %.1f images/s without Kafka, %.1f through it"
                  .formatted(round, bare.get(round - 1), stream.get(round - 1)));
        }
      }
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < bare.size(); i++) {
      ratios.add(stream.get(i) / bare.get(i));
    }
    return new StreamReport(
        Machine.describe(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        model.card().id(),
        options.guarantee(),
        options.events(),
        images.stream().mapToLong(image -> image.length).sum() / images.size(),
        bare,
        stream,
        Medians.of(ratios),
        Medians.of(batches));
  }

  private Model model(ProcessorConfig config) throws ModelException {
    return ModelRepository.locator(config.modelRepository()).find(options.model()).load();
  }

  private ResultCount streamRound(EmbeddedBroker broker, String round)
      throws ConfigException,
          ClusterException,
          ModelException,
          ClientException,
          InterruptedException,
          ExecutionException,
          TimeoutException {
    ProcessorConfig config = config(broker.bootstrap(), round);
    String labels = config.topics().labels().replace("{tier}", TIER);
    try (StreamProcessor processor = StreamProcessor.start(config)) {
      processor.running().get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      return ResultCount.await(
          KafkaConnection.to(broker.bootstrap()), labels, options.events(), ROUND_TIMEOUT);
    }
  }

  private ProcessorConfig config(String bootstrap, String round) throws ConfigException {
    Map<String, String> all = new LinkedHashMap<>(options.settings());
    all.put("bootstrap", bootstrap);
    all.put("application-id", "phistream-bench-" + round);
    all.put("models", options.model());
    all.put("tiers.default", TIER);
    all.put("topics.labels", "labels-%s.{tier}".formatted(round));
    all.put("kafka.processing.guarantee", options.guarantee());
    return ConfigLoader.load((Path) null, Map.of(), all);
  }
}
