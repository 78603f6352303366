package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.client.EventFormat;
import dev.phistream.client.TopicReader;
import dev.phistream.image.Preprocessing;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.model.Architecture;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.RandomWeights;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Scaling;
import dev.phistream.model.WeightConventions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Memory of the processor over many small events. Images and network are as small as they can be,
 * so that what is left is what each event passes through: Kafka's clients, ledger, micro-batcher.
 */
final class StreamMemory implements StreamScenario {
  /** Samples of the memory, at equal distances. */
  static final int SAMPLES = 20;

  private static final double MOST_GROWTH_PERCENT = 5;
  private static final double WARM_UP = 0.2;
  private static final double MIB = 1 << 20;
  private static final int SIDE = 32;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** The heap is touched at the start and keeps its size: what grows is native. */
  private static final List<String> JVM = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

  @Override
  public ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    int events = environment.options().memoryEvents();
    String topic = environment.topic("small");
    Map<String, String> settings =
        environment.settings(
            topic,
            BenchEnvironment.EXACTLY_ONCE,
            List.of(),
            Map.of("models", model(environment.directory().resolve("tiny"))));
    MeasuredProcess<StreamJob, StreamReply> process =
        environment.process("the processor with a fixed heap", JVM, List.of());
    process.ask(StreamJob.start(StreamJob.SubjectKind.PROCESSOR, settings), PATIENCE);
    environment.say("memory: sending %d small events".formatted(events));
    List<MemorySample> samples;
    try {
      Backlog.send(
          KafkaConnection.to(settings.getOrDefault("bootstrap", "")),
          topic,
          EventFormat.avro(),
          BenchImages.draw(8, 1, SIDE, SIDE),
          events);
      samples = watch(environment, process, BenchEnvironment.labels(settings, "accuracy"), events);
    } catch (ClusterException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    }
    process.ask(StreamJob.stop(), PATIENCE);
    return report(events, samples);
  }

  private static List<MemorySample> watch(
      BenchEnvironment environment,
      MeasuredProcess<StreamJob, StreamReply> process,
      String labels,
      int events)
      throws ClusterException, BenchException, InterruptedException {
    List<MemorySample> samples = new ArrayList<>();
    AtomicInteger seen = new AtomicInteger();
    long started = System.nanoTime();
    try (TopicReader results = TopicReader.open(environment.kafka(), List.of(labels))) {
      while (samples.size() < SAMPLES) {
        int next = (int) ((samples.size() + 1L) * events / SAMPLES);
        while (seen.get() < next) {
          results.readFor(LOOK_INTERVAL, result -> seen.incrementAndGet() > 0);
          if (System.nanoTime() - started > LIMIT.toNanos()) {
            throw new BenchException(
                "memory: %d of %d results within %d s; on a slow machine, measure less"
                    .formatted(seen.get(), events, LIMIT.toSeconds()));
          }
        }
        MemorySample sample = process.ask(StreamJob.memory(seen.get()), PATIENCE).memory();
        if (sample == null) {
          throw new BenchException("memory: no sample");
        }
        samples.add(sample);
        environment.say(
            "memory: %d events, native %.1f MiB, heap in use %.1f MiB"
                .formatted(seen.get(), sample.nativeBytes() / MIB, sample.heapUsed() / MIB));
      }
    }
    return samples;
  }

  private static ScenarioReport report(int events, List<MemorySample> samples) {
    List<MemorySample> warm =
        samples.stream().filter(sample -> sample.batches() >= WARM_UP * events).toList();
    return new ScenarioReport(
        Scenario.MEMORY.label(),
        "%d events of %d×%d pixels through a network of a few kFLOPs, exactly once; heap fixed at 512 MiB"
            .formatted(events, SIDE, SIDE),
        List.of(
            growth(warm, "native memory, growth", MemorySample::nativeBytes),
            growth(warm, "Java objects after collection, growth", MemorySample::heapUsed),
            growth(warm, "resident, growth", MemorySample::resident),
            Figure.of("native memory, at the end", "MiB", last(samples).nativeBytes() / MIB),
            Figure.of("Java objects, at the end", "MiB", last(samples).heapUsed() / MIB),
            Figure.of("resident, at the end", "MiB", last(samples).resident() / MIB)),
        List.of(
            "Growth is that of a straight line by least squares from %.0f %% of the events to the end, ÷ its beginning."
                .formatted(100 * WARM_UP)),
        samples);
  }

  private static Figure growth(
      List<MemorySample> samples, String name, ToDoubleFunction<MemorySample> bytes) {
    LinearFit line =
        LinearFit.of(
            samples.stream().map(sample -> (double) sample.batches()).toList(),
            samples.stream().map(bytes::applyAsDouble).toList());
    double start = line.at((double) samples.get(0).batches());
    double end = line.at((double) last(samples).batches());
    return Figure.of(name, "%", 100 * (end - start) / start).atMost(MOST_GROWTH_PERCENT);
  }

  private static MemorySample last(List<MemorySample> samples) {
    return samples.get(samples.size() - 1);
  }

  private static String model(Path place) throws BenchException {
    Scaling scaling = new Scaling(0.1, 0.1, SIDE);
    Architecture architecture = Architecture.EFFICIENT_NET;
    List<String> labels = List.of("yes", "no");
    Network network = architecture.scaled(scaling, labels.size());
    try {
      ModelDirectory.write(
          place,
          new ModelCard(
              "tiny",
              "tiny",
              architecture.name(),
              scaling,
              labels.size(),
              new WeightConventions(Padding.SYMMETRIC, 1e-3),
              Preprocessing.imagenet(SIDE, 1.0),
              "",
              null),
          labels,
          RandomWeights.draw(network.tensors(), 1),
          Safetensors.Precision.F32);
      return place.toString();
    } catch (IOException e) {
      throw new BenchException("model %s: not writable: %s".formatted(place, e), e);
    }
  }
}
