package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.bench.StreamJob.SubjectKind;
import dev.phistream.client.EventFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The same backlog through what a user would write instead, on the same engine and at the same
 * guarantee.
 */
final class StreamPeers implements StreamScenario {
  private static final double LEAST_RATIO = 2.5;

  /** Who runs, and how. */
  private enum Entry {
    EXACTLY_ONCE("Phistream, exactly once", SubjectKind.PROCESSOR, BenchEnvironment.EXACTLY_ONCE),
    AT_LEAST_ONCE(
        "Phistream, at least once", SubjectKind.PROCESSOR, BenchEnvironment.AT_LEAST_ONCE),
    MAP_VALUES_DJL(
        "mapValues, exactly once", SubjectKind.MAP_VALUES_DJL, BenchEnvironment.EXACTLY_ONCE),
    MAP_VALUES(
        "mapValues with our decoder, exactly once",
        SubjectKind.MAP_VALUES,
        BenchEnvironment.EXACTLY_ONCE),
    CAMEL("camel-djl, at least once", SubjectKind.CAMEL, BenchEnvironment.AT_LEAST_ONCE);

    private final String label;
    private final SubjectKind subject;
    private final String guarantee;

    Entry(String label, SubjectKind subject, String guarantee) {
      this.label = label;
      this.subject = subject;
      this.guarantee = guarantee;
    }
  }

  @Override
  public ScenarioReport run(BenchEnvironment environment)
      throws BenchException, InterruptedException, ExecutionException {
    StreamOptions options = environment.options();
    List<Path> libraries = PeerLibraries.find();
    String topic = environment.backlog(EventFormat.raw(), options.events());
    Map<Entry, List<Double>> rates = new EnumMap<>(Entry.class);
    for (Entry entry : Entry.values()) {
      rates.put(entry, new ArrayList<>());
    }
    for (int round = 1 - options.warmUpRounds(); round <= options.rounds(); round++) {
      List<Entry> order = new ArrayList<>(List.of(Entry.values()));
      if (round % 2 == 0) {
        Collections.reverse(order);
      }
      for (Entry entry : order) {
        double rate = run(environment, entry, topic, libraries);
        if (round > 0) {
          rates.getOrDefault(entry, List.of()).add(rate);
        }
        environment.say(
            "peers, %s, %s: %.0f images/s"
                .formatted(round > 0 ? "round " + round : "warm-up", entry.label, rate));
      }
    }
    return report(environment, rates);
  }

  private static double run(
      BenchEnvironment environment, Entry entry, String topic, List<Path> libraries)
      throws BenchException, InterruptedException {
    String output = environment.topic("peer");
    Map<String, String> settings =
        environment.settings(
            topic,
            entry.guarantee,
            List.of(environment.options().model()),
            Map.of("input.format", "raw", "topics.labels", output));
    MeasuredProcess<StreamJob, StreamReply> process =
        entry.subject == SubjectKind.PROCESSOR
            ? environment.process("the processor")
            : environment.process(entry.label, BenchEnvironment.JVM, libraries);
    return environment
        .round(process, entry.subject, settings, output, environment.options().events())
        .perSecond();
  }

  private static ScenarioReport report(
      BenchEnvironment environment, Map<Entry, List<Double>> rates) {
    List<Figure> figures = new ArrayList<>();
    figures.add(ratio(rates, Entry.EXACTLY_ONCE, Entry.MAP_VALUES_DJL));
    figures.add(ratio(rates, Entry.EXACTLY_ONCE, Entry.MAP_VALUES));
    figures.add(ratio(rates, Entry.AT_LEAST_ONCE, Entry.CAMEL));
    rates.forEach((entry, each) -> figures.add(Figure.of(entry.label, "images/s", each)));
    return new ScenarioReport(
        Scenario.PEERS.label(),
        "backlog of %d raw images, %s, a thread per core"
            .formatted(environment.options().events(), environment.options().model()),
        figures,
        List.of(
            "All run the same graph on the same MXNet with the same settings, with a model per"
                + " thread, warmed up, each in a process of its own.",
            "mapValues and camel-djl decode with DJL's ImageFactory and resize, scale and normalise"
                + " with its transforms, as its examples do; the second mapValues has our decoder"
                + " and the network's own normalisation."));
  }

  private static Figure ratio(Map<Entry, List<Double>> rates, Entry ours, Entry theirs) {
    List<Double> ratios = new ArrayList<>();
    List<Double> a = rates.getOrDefault(ours, List.of());
    List<Double> b = rates.getOrDefault(theirs, List.of());
    for (int i = 0; i < a.size(); i++) {
      ratios.add(a.get(i) / b.get(i));
    }
    return Figure.of("Phistream ÷ " + theirs.label, "", ratios).atLeast(LEAST_RATIO);
  }
}
