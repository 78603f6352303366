package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.client.EventFormat;
import dev.phistream.client.TopicReader;
import dev.phistream.event.Tier;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.topology.TopologyFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the in-flight ledger writes to its changelog: records and bytes for each event. */
final class StreamChangelog implements StreamScenario {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Mean time between two events where there is no backlog. */
  private static final int INTERVAL_MILLIS = 50;

  private enum Case {
    BACKLOG_EXACTLY_ONCE("backlog, exactly once", true, BenchEnvironment.EXACTLY_ONCE),
    BACKLOG_AT_LEAST_ONCE("backlog, at least once", true, BenchEnvironment.AT_LEAST_ONCE),
    SPARSE_EXACTLY_ONCE("sparse, exactly once", false, BenchEnvironment.EXACTLY_ONCE),
    SPARSE_AT_LEAST_ONCE("sparse, at least once", false, BenchEnvironment.AT_LEAST_ONCE);

    private final String label;
    private final boolean backlog;
    private final String guarantee;

    Case(String label, boolean backlog, String guarantee) {
      this.label = label;
      this.backlog = backlog;
      this.guarantee = guarantee;
    }
  }

  /** What stands in a changelog. */
  private static final class Written {
    private int entries;
    private int deletions;
    private long bytes;

    boolean add(ConsumerRecord<byte[], byte[]> record) {
      if (record.value() == null) {
        deletions++;
      } else {
        entries++;
      }
      bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
      return true;
    }
  }

  /** The same for each of the events; bytes by those of the images. */
  private record PerEvent(double entries, double deletions, double bytes) {}

  @Override
  public ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    String backlog = environment.backlog(EventFormat.avro(), environment.options().events());
    Map<Case, List<PerEvent>> all = new EnumMap<>(Case.class);
    for (int round = 1; round <= environment.options().rounds(); round++) {
      for (Case each : Case.values()) {
        PerEvent found =
            each.backlog ? backlog(environment, each, backlog) : sparse(environment, each);
        all.computeIfAbsent(each, key -> new ArrayList<>()).add(found);
        environment.say(
            "changelog, round %d, %s: %.2f entries, %.2f deletions, %.2f of the bytes"
                .formatted(round, each.label, found.entries(), found.deletions(), found.bytes()));
      }
    }
    return report(environment, all);
  }

  private static PerEvent backlog(BenchEnvironment environment, Case which, String topic)
      throws BenchException, InterruptedException {
    Map<String, String> settings = settings(environment, which, topic);
    int events = environment.options().events();
    BenchEnvironment.Round unused =
        environment.round(
            environment.process("the processor"),
            StreamJob.SubjectKind.PROCESSOR,
            settings,
            BenchEnvironment.labels(settings, "accuracy"),
            events);
    return written(environment, settings, events);
  }

  private static PerEvent sparse(BenchEnvironment environment, Case which)
      throws BenchException, InterruptedException, ExecutionException {
    String topic = environment.topic("sparse");
    Map<String, String> settings = settings(environment, which, topic);
    int events = environment.options().latencyEvents();
    MeasuredProcess<StreamJob, StreamReply> processor = environment.process("the processor");
    processor.ask(StreamJob.start(StreamJob.SubjectKind.PROCESSOR, settings), PATIENCE);
    try (ResultWatch watch =
            ResultWatch.start(
                environment.kafka(),
                List.of(BenchEnvironment.labels(settings, "latency")),
                seen -> {});
        EventSource source =
            EventSource.open(
                environment.kafka(), topic, "sparse", Tier.LATENCY, environment.images())) {
      SplittableRandom random = new SplittableRandom(1);
      List<CompletableFuture<ResultWatch.Seen>> results = new ArrayList<>();
      for (int i = 0; i < events; i++) {
        Thread.sleep(random.nextInt(2 * INTERVAL_MILLIS));
        String id = source.nextId();
        results.add(watch.expect(id));
        source.send(id);
      }
      for (CompletableFuture<ResultWatch.Seen> result : results) {
        var unused = result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (TimeoutException e) {
      throw new BenchException(
          "changelog, %s: no result within %d s".formatted(which.label, PATIENCE.toSeconds()), e);
    } finally {
      processor.ask(StreamJob.stop(), PATIENCE);
    }
    return written(environment, settings, events);
  }

  private static Map<String, String> settings(
      BenchEnvironment environment, Case which, String topic) throws BenchException {
    return environment.settings(
        topic, which.guarantee, List.of(environment.options().model()), Map.of());
  }

  private static PerEvent written(
      BenchEnvironment environment, Map<String, String> settings, int events)
      throws BenchException {
    String changelog =
        settings.get("application-id") + "-" + TopologyFactory.LEDGER_STORE + "-changelog";
    Written written = new Written();
    try (TopicReader reader =
        TopicReader.open(
            KafkaConnection.to(settings.getOrDefault("bootstrap", "")), List.of(changelog))) {
      reader.readToEnd(PATIENCE, written::add);
    } catch (ClusterException e) {
      throw new BenchException(String.valueOf(e.getMessage()), e);
    }
    double images =
        environment.images().stream().mapToInt(image -> image.length).average().orElseThrow();
    return new PerEvent(
        (double) written.entries / events,
        (double) written.deletions / events,
        written.bytes / images / events);
  }

  private static ScenarioReport report(BenchEnvironment environment, Map<Case, List<PerEvent>> all)
      throws BenchException {
    List<Figure> figures = new ArrayList<>();
    for (Case each : Case.values()) {
      List<PerEvent> rounds = all.getOrDefault(each, List.of());
      figures.add(
          Figure.of(
              "bytes written ÷ bytes of the images, " + each.label,
              "",
              rounds.stream().map(PerEvent::bytes).toList()));
      figures.add(
          Figure.of(
              "entries, " + each.label, "/event", rounds.stream().map(PerEvent::entries).toList()));
      figures.add(
          Figure.of(
              "deletions, " + each.label,
              "/event",
              rounds.stream().map(PerEvent::deletions).toList()));
    }
    return new ScenarioReport(
        Scenario.CHANGELOG.label(),
        "%d events as a backlog, %d of them one every %d ms on average; %s, commits every %s ms, windows of %d events"
            .formatted(
                environment.options().events(),
                environment.options().latencyEvents(),
                INTERVAL_MILLIS,
                environment.options().model(),
                environment.options().settings().getOrDefault("kafka.commit.interval.ms", "1000"),
                BenchEnvironment.config(settings(environment, Case.BACKLOG_EXACTLY_ONCE, "images"))
                    .window()
                    .events()),
        figures,
        List.of(
            "An event is written if it is in flight at a commit, and then once. What is in flight"
                + " at a commit is at most a window per partition: with a longer"
                + " kafka.commit.interval.ms or a smaller window.events, fewer are.",
            "A deletion is a record of 12 bytes."));
  }
}
