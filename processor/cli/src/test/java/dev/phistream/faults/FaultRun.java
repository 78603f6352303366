package dev.phistream.faults;

import dev.phistream.runtime.FreshTopics;
import dev.phistream.testkit.FastFailover;
import dev.phistream.testkit.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** One run: sends, breaks, waits for the outcomes and has them judged. */
final class FaultRun {
  private static final int PARTITIONS = 6;
  private static final int WINDOW = 16;
  private static final Duration PAUSE = FastFailover.SESSION_TIMEOUT.plusSeconds(2);

  /** How long a fault waits for its share of outcomes: faults shall also meet a stalled stream. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final Map<String, Double> VARIANTS =
      Map.of("small", -12.0, "middle", -11.0, "large", -10.0);

  /**
   * What to run.
   *
   * @param seed determines faults and events
   * @param guarantee Kafka Streams' {@code processing.guarantee}
   * @param faults how many
   * @param events how many
   * @param deadline when to give up, counted from the start
   */
  record Options(long seed, String guarantee, int faults, int events, Duration deadline) {}

  private final Options options;
  private final FaultyBroker broker;
  private final Path models;
  private final FaultTopics topics;
  private final long begun = System.nanoTime();
  private final Map<FaultKind, Integer> done = new EnumMap<>(FaultKind.class);

  FaultRun(Options options, FaultyBroker broker, Path models) {
    this.options = options;
    this.broker = broker;
    this.models = models;
    this.topics = new FaultTopics("faults-" + options.guarantee().replace('_', '-'));
  }

  /** Writes the small networks that all runs use. */
  static void writeModels(Path models) throws IOException {
    for (Map.Entry<String, Double> variant : VARIANTS.entrySet()) {
      var unused = TinyModels.write(models, variant.getKey(), variant.getValue());
    }
  }

  /** Runs, and says what came out; the caller decides whether it may. */
  Summary run() {
    createTopics();
    FaultPlan plan = FaultPlan.of(options.seed(), options.faults(), options.events());
    List<String> variants = VARIANTS.keySet().stream().sorted().toList();
    try (Fleet fleet = new Fleet(settings());
        Traffic traffic =
            new Traffic(broker.bootstrap(), topics, PARTITIONS, variants, options.seed());
        OutcomeReader reader =
            new OutcomeReader(broker.bootstrap(), topics, () -> traffic.sent().size())) {
      for (int i = 0; i < FaultPlan.FIRST_INSTANCES; i++) {
        fleet.add();
      }
      await(fleet, reader, 0, Duration.ofSeconds(1));
      for (FaultPlan.Step step : plan.steps()) {
        if (left().isNegative()) {
          break;
        }
        apply(step, fleet, traffic, reader);
      }
      await(fleet, reader, traffic.sent().size(), left());
      fleet.stop();
      reader.finish();
      Collection<Outcome> outcomes = reader.outcomes();
      Summary summary =
          new Summary(
              options,
              broker.description(),
              done,
              traffic.sent().size(),
              (int) outcomes.stream().filter(Outcome::label).count(),
              (int) outcomes.stream().filter(outcome -> !outcome.label()).count(),
              fleet.started(),
              reader.longestGap(),
              Duration.ofNanos(System.nanoTime() - begun),
              Oracle.judge(traffic.sent(), outcomes),
              fleet.complaints(),
              fleet.stoppedAtStart(),
              fleet.withoutBroker());
      keepLogs(fleet);
      return summary;
    }
  }

  private void apply(FaultPlan.Step step, Fleet fleet, Traffic traffic, OutcomeReader reader) {
    int before = traffic.sent().size();
    if (step.kind() == FaultKind.BURST) {
      traffic.burst(step.events(), step.pick());
    } else {
      traffic.send(step.events());
    }
    await(fleet, reader, before + (int) (step.share() * step.events()), PATIENCE);
    switch (step.kind()) {
      case KILL -> fleet.kill(step.pick());
      case TERMINATE -> fleet.replace(step.pick());
      case PAUSE -> fleet.pause(step.pick(), PAUSE);
      case ADD -> fleet.add();
      case REMOVE -> fleet.remove(step.pick());
      case RESTART_BROKER -> broker.restart();
      case BURST -> {} // its events are the fault
    }
    done.merge(step.kind(), 1, Integer::sum);
  }

  /** Waits for that many outcomes, no longer than given. */
  private void await(Fleet fleet, OutcomeReader reader, int outcomes, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    while (reader.answered() < outcomes && System.nanoTime() - end < 0) {
      fleet.tend();
      Fleet.pauseBriefly();
    }
  }

  private Duration left() {
    return options.deadline().minusNanos(System.nanoTime() - begun);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FastFailover.SETTINGS);
    settings.put("bootstrap", broker.bootstrap());
    settings.put("application-id", topics.name());
    settings.put("model-repository", models.toString());
    settings.put("models", "small,middle,large");
    settings.put("topics.input", topics.input());
    settings.put("topics.labels", topics.labels());
    settings.put("topics.dead-letters", topics.deadLetters());
    settings.put("window.events", String.valueOf(WINDOW));
    settings.put("decode-threads", "1");
    settings.put("kafka.processing.guarantee", options.guarantee());
    return settings;
  }

  private void createTopics() {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      List<NewTopic> all = new ArrayList<>();
      for (String topic : topics.all()) {
        all.add(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty()));
      }
      admin.createTopics(all).all().get(30, TimeUnit.SECONDS);
      FreshTopics.await(admin, topics.all(), Duration.ofSeconds(30));
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("topics not created", e);
    }
  }

  /** For whoever looks for the cause of a failure. */
  private void keepLogs(Fleet fleet) {
    try {
      Path directory = Files.createDirectories(Path.of("target", "faults"));
      Files.write(
          directory.resolve("%s-%d.log".formatted(options.guarantee(), options.seed())),
          fleet.logs());
    } catch (IOException e) {
      System.out.println("logs of the processors not kept: " + e);
    }
  }
}
