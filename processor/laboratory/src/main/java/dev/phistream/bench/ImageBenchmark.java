package dev.phistream.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures how many images a core decodes, resizes and crops for a network of 224×224 pixels. Each
 * subject has a process of its own with one decoding thread, and only one works at a time. In each
 * round all subjects have their turn at each kind of files, so that a noisy minute hits all alike.
 */
public final class ImageBenchmark {
  /** Is told of each measurement, in words. */
  @FunctionalInterface
  public interface Listener {
    void measured(String what);
  }

  private static final String SCRIPT = "pillow.py";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PROBE_SECONDS = 20;

  /** The first round is so many times as long: compilers come in steps. */
  private static final int WARM_UP_TIMES = 4;

  private final ImageOptions options;
  private final Listener listener;
  private final Map<ImageSubject, MeasuredProcess<ImageJob, ImageReply>> processes =
      new EnumMap<>(ImageSubject.class);
  private final Map<ImageSubject, String> names = new EnumMap<>(ImageSubject.class);
  private final List<String> notMeasured = new ArrayList<>();

  /** Creates a benchmark. */
  public ImageBenchmark(ImageOptions options, Listener listener) {
    this.options = options;
    this.listener = listener;
  }

  /** A subject at a kind of files. */
  private record Turn(ImageKind kind, ImageSubject subject) {
    @Override
    public String toString() {
      return subject.label() + ", " + kind.label();
    }
  }

  /**
   * Runs it.
   *
   * @throws BenchException when a process does not answer
   */
  public ImageReport run() throws BenchException, InterruptedException {
    try {
      Path directory = Files.createTempDirectory("phistream-images-");
      try {
        return run(directory);
      } finally {
        processes.values().forEach(MeasuredProcess::close);
        delete(directory);
      }
    } catch (IOException e) {
      throw new BenchException("image files: not writable: " + e, e);
    }
  }

  private ImageReport run(Path directory) throws IOException, BenchException, InterruptedException {
    ImageFiles files = ImageFiles.write(directory, options.photographs());
    start(directory);
    List<Turn> turns = new ArrayList<>();
    for (ImageKind kind : ImageKind.values()) {
      if (files.of(kind).isEmpty()) {
        notMeasured.add(kind.label() + ": no library writes such files here");
        continue;
      }
      for (ImageSubject subject : processes.keySet()) {
        if (subject.measures(kind)) {
          turns.add(new Turn(kind, subject));
        }
      }
    }
    List<Map<Turn, Double>> rounds = new ArrayList<>();
    for (int round = 0; round <= options.rounds(); round++) {
      Map<Turn, Double> rates = round(round, turns, files);
      if (round == 0) {
        turns.retainAll(rates.keySet());
      } else {
        rounds.add(rates);
      }
      Collections.reverse(turns); // nobody always comes first
    }
    return report(files, rounds);
  }

  private void start(Path directory) throws BenchException, IOException, InterruptedException {
    for (ImageSubject subject : ImageSubject.values()) {
      switch (subject) {
        case PILLOW -> {
          Optional<String> python = python();
          if (python.isEmpty()) {
            notMeasured.add(
                "Pillow: no Python has it (expected: --python FILE, or python3 with PIL)");
          } else {
            Path script = directory.resolve(SCRIPT);
            try (InputStream in = ImageBenchmark.class.getResourceAsStream(SCRIPT)) {
              if (in == null) {
                throw new IllegalStateException(SCRIPT + ": not on the class path");
              }
              Files.copy(in, script);
            }
            processes.put(
                subject,
                MeasuredProcess.start(
                    subject.label(),
                    new ProcessBuilder(python.get(), script.toString()),
                    ImageReply.class));
          }
        }
        default -> processes.put(subject, java(subject));
      }
    }
  }

  private static MeasuredProcess<ImageJob, ImageReply> java(ImageSubject subject)
      throws BenchException {
    return MeasuredProcess.start(
        subject.label(),
        ImageProcess.class,
        ImageReply.class,
        List.of(),
        List.of(subject.name()),
        List.of());
  }

  private Optional<String> python() throws InterruptedException {
    List<String> candidates =
        options
            .python()
            .map(path -> List.of(path.toString()))
            .orElse(List.of("python3", "/usr/bin/python3"));
    for (String candidate : candidates) {
      if (hasPillow(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static boolean hasPillow(String python) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import PIL")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) { // there is no such program
      return false;
    }
  }

  private Map<Turn, Double> round(int round, List<Turn> turns, ImageFiles files)
      throws BenchException, InterruptedException {
    Map<Turn, Double> rates = new LinkedHashMap<>();
    for (Turn turn : turns) {
      ImageReply reply;
      try {
        reply = ask(turn, files.of(turn.kind()), round == 0);
      } catch (BenchException e) {
        if (round > 0) {
          throw e;
        }
        notMeasured.add(turn + ": " + e.getMessage());
        continue;
      }
      names.put(turn.subject(), reply.subject());
      rates.put(turn, reply.imagesPerSecond());
      listener.measured(
          "%s, %s: %.0f images/s"
              .formatted(round == 0 ? "warm-up" : "round " + round, turn, reply.imagesPerSecond()));
    }
    return rates;
  }

  private ImageReply ask(Turn turn, List<String> files, boolean warmUp)
      throws BenchException, InterruptedException {
    MeasuredProcess<ImageJob, ImageReply> process = processes.get(turn.subject());
    if (process == null) {
      throw new IllegalStateException(turn + ": has no process");
    }
    double seconds = warmUp ? WARM_UP_TIMES * options.seconds() : options.seconds();
    return process.ask(new ImageJob(files, seconds), PATIENCE.plusMillis((long) (1000 * seconds)));
  }

  private ImageReport report(ImageFiles files, List<Map<Turn, Double>> rounds) throws IOException {
    List<ImageReport.KindFacts> kinds = new ArrayList<>();
    List<ImageReport.Point> points = new ArrayList<>();
    for (ImageKind kind : ImageKind.values()) {
      kinds.add(new ImageReport.KindFacts(kind, files.of(kind).size(), files.meanBytes(kind)));
      for (ImageSubject subject : ImageSubject.values()) {
        Turn turn = new Turn(kind, subject);
        List<Double> rates = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (Map<Turn, Double> round : rounds) {
          Double rate = round.get(turn);
          Double pillow = round.get(new Turn(kind, ImageSubject.PILLOW));
          if (rate != null) {
            rates.add(rate);
            if (pillow != null) {
              ratios.add(pillow / rate);
            }
          }
        }
        if (!rates.isEmpty()) {
          points.add(new ImageReport.Point(kind, subject, Spread.of(rates), spread(ratios)));
        }
      }
    }
    return new ImageReport(
        ImageReport.SCHEMA,
        Instant.now().toString(),
        MachineFacts.here(),
        options.seconds(),
        options.rounds(),
        kinds,
        names,
        points,
        notMeasured);
  }

  private static @Nullable Spread spread(List<Double> values) {
    return values.isEmpty() ? null : Spread.of(values);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
