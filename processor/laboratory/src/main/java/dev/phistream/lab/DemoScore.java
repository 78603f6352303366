package dev.phistream.lab;

import dev.phistream.app.Columns;
import dev.phistream.app.Console;
import dev.phistream.app.LabelText;
import dev.phistream.client.DeadLetter;
import dev.phistream.event.Classification;
import dev.phistream.event.Tier;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Shows the demo's outcomes as they come, and counts them. Sending may go on beside it. */
final class DemoScore {
  /** What came of a tier's events. */
  private static final class Tally {
    private final List<Double> totalMs = new ArrayList<>();
    private int right;
    private long batchSizes;
    private String variant = "";
  }

  private final Console console;
  private final boolean classesAreKnown;
  private final String deadLetterTopic;
  private final Columns table;
  private final SingleObjectCodec<Classification> codec = SingleObjectCodec.classifications();
  private final Map<String, Path> sent = new ConcurrentHashMap<>();
  private final Map<Tier, Tally> tallies = new EnumMap<>(Tier.class);
  private final AtomicInteger expected;
  private final AtomicInteger lost = new AtomicInteger();
  private int labelled;
  private int dead;

  /**
   * Creates a score.
   *
   * @param expected outcomes that will come
   * @param classesAreKnown whether a file's name says what it shows
   */
  DemoScore(Console console, int expected, boolean classesAreKnown, String deadLetterTopic) {
    this.console = console;
    this.expected = new AtomicInteger(expected);
    this.classesAreKnown = classesAreKnown;
    this.deadLetterTopic = deadLetterTopic;
    this.table =
        new Columns(
            console.out(), "image:28", "tier:8", "variant:7", "batch:5", "ms:8", "labels:0");
  }

  /** Says what is about to be sent. */
  void expect(String eventId, Path file) {
    sent.put(eventId, file);
  }

  /** An event could not be sent: no outcome will come. */
  void lose() {
    lost.incrementAndGet();
    expected.decrementAndGet();
  }

  /** Nothing more will be sent. */
  void giveUp() {
    int open = Math.max(0, expected.get() - sent.size());
    lost.addAndGet(open);
    expected.addAndGet(-open);
  }

  /** Labels and dead letters so far. */
  int outcomes() {
    return labelled + dead;
  }

  boolean complete() {
    return outcomes() >= expected.get();
  }

  boolean allLabelled() {
    return complete() && dead == 0 && lost.get() == 0;
  }

  void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(deadLetterTopic)) {
      dead++;
      DeadLetter letter = new DeadLetter(record);
      String id =
          record.key() == null ? letter.origin() : new String(record.key(), StandardCharsets.UTF_8);
      console
          .err()
          .println("dead letter %s: %s: %s".formatted(name(id), letter.code(), letter.message()));
      return;
    }
    try {
      take(codec.decode(record.value()));
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("a result that is none", e);
    }
  }

  /** The tiers' summary. */
  void print(List<Tier> tiers) {
    console.out().println();
    Columns summary =
        classesAreKnown
            ? new Columns(
                console.out(),
                "tier:8",
                "variant:7",
                "labelled:8",
                "right:7",
                "median ms:9",
                "mean batch:0")
            : new Columns(
                console.out(), "tier:8", "variant:7", "labelled:8", "median ms:9", "mean batch:0");
    for (Tier tier : tiers) {
      Tally tally = tallies.get(tier);
      if (tally != null) {
        List<String> cells =
            new ArrayList<>(
                List.of(LabelText.tier(tier), tally.variant, String.valueOf(tally.totalMs.size())));
        if (classesAreKnown) {
          cells.add(text("%.1f %%", 100.0 * tally.right / tally.totalMs.size()));
        }
        cells.add(
            text("%.1f", tally.totalMs.stream().sorted().toList().get(tally.totalMs.size() / 2)));
        cells.add(text("%.1f", (double) tally.batchSizes / tally.totalMs.size()));
        summary.print(cells.toArray(String[]::new));
      }
    }
    int missing = expected.get() - outcomes();
    console
        .out()
        .println(
            "%d labelled, %d dead letters, %d not sent, %d without an answer"
                .formatted(labelled, dead, lost.get(), Math.max(0, missing)));
  }

  private void take(Classification result) {
    labelled++;
    Tally tally = tallies.computeIfAbsent(result.getRequestedTier(), tier -> new Tally());
    tally.variant = result.getVariant();
    tally.totalMs.add(result.getTimings().getTotalMs());
    tally.batchSizes += result.getBatchSize();
    Path file = sent.get(result.getEventId());
    String mark = "";
    if (classesAreKnown && file != null) {
      boolean right = Samples.classOf(file).equals(result.getLabels().get(0).getLabel());
      tally.right += right ? 1 : 0;
      mark = right ? "" : "  (wrong)";
    }
    table.print(
        name(result.getEventId()),
        LabelText.tier(result.getRequestedTier()),
        result.getVariant(),
        String.valueOf(result.getBatchSize()),
        text("%.1f", result.getTimings().getTotalMs()),
        LabelText.of(result) + mark);
  }

  private String name(String eventId) {
    Path file = sent.get(eventId);
    return file == null ? eventId : file.getFileName().toString();
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
