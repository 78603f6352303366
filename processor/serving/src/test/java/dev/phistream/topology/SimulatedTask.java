package dev.phistream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import dev.phistream.routing.Router;
import dev.phistream.routing.TierPolicy;
import dev.phistream.trial.Trials;
import dev.phistream.wire.RawEventReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * One incarnation of the task of a {@link SimulatedPartition}: the real processor and ledger, and
 * around them what Kafka Streams and its producer do. Records arrive one by one when told to, in
 * order within the results and within the changelog, and in no order between the two. The image of
 * an event is its offset.
 */
final class SimulatedTask {
  /** A record on its way to the changelog; a deletion has no event. */
  private record Change(SlotKey key, @Nullable PendingEvent event) {}

  private static final TaskId ID = new TaskId(0, 0);

  private final SimulatedPartition partition;
  private final ScriptedClassifier classifier = new ScriptedClassifier();
  private final Drain drain = new Drain();
  private final Deque<Change> changes = new ArrayDeque<>();
  private final Deque<Long> results = new ArrayDeque<>();
  private final MockProcessorContext<byte[], byte[]> context;
  private final SimulatedStore store;
  private final Safeguards safeguards;
  private final ClassifyProcessor processor;
  private long position;

  /** The next owner: restores what the changelog holds and goes on at the committed offset. */
  SimulatedTask(SimulatedPartition partition, String guarantee, long owner, int window) {
    this.partition = partition;
    this.position = partition.committed();
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "simulated");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:9");
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
    this.context = new MockProcessorContext<>(properties, ID, Path.of("target").toFile());
    context.setCurrentSystemTimeMs(0);
    LedgerStores ledgers = new LedgerStores(TopologyFactory.LEDGER_STORE);
    this.store =
        new SimulatedStore(ledgers.get(), (key, event) -> changes.add(new Change(key, event)));
    store.init(context.getStateStoreContext(), store);
    partition.changelog().forEach(store::restore);
    context.addStateStore(store);
    this.safeguards = Safeguards.unlimited(new WindowSettings(window, 1 << 20), drain::isRequested);
    this.processor =
        new ClassifyProcessor(
            parts(),
            new TraceContext(new SplittableRandom(1)),
            ledgers,
            () -> owner,
            UrgentCommits::new);
    processor.init(context);
  }

  /** Takes the next event, if there is one and the window has room; its tier has an objective. */
  void take() {
    take("latency");
  }

  /** The same for an event of another tier, which has no objective. */
  void take(String tier) {
    if (position >= partition.events()
        || safeguards.window().isFull(new TopicPartition(SimulatedPartition.TOPIC, 0))) {
      return;
    }
    String image = String.valueOf(position);
    context.setRecordMetadata(SimulatedPartition.TOPIC, 0, position);
    Headers headers = new RecordHeaders();
    headers.add("id", image.getBytes(UTF_8)).add("tier", tier.getBytes(UTF_8));
    processor.process(new Record<>(null, image.getBytes(UTF_8), 0, headers));
    position++;
    send();
  }

  /** Has the oldest unanswered event answered and its result sent. */
  void answer() {
    classifier.unanswered().stream().findFirst().ifPresent(classifier::answer);
    tick();
  }

  /** Lets time go by. */
  void tick() {
    context.scheduledPunctuators().forEach(each -> each.getPunctuator().punctuate(0));
    send();
  }

  /** A commit that succeeds. */
  void commit() {
    flush();
    partition.commit(position);
    store.commit(Map.of());
  }

  /** The first step of a commit: everything is on its way. */
  void flushCache() {
    store.flushCache();
  }

  /** A commit up to the point where it would commit offsets, which a fenced instance cannot. */
  void flush() {
    store.flushCache();
    arrive(changes.size(), results.size());
  }

  /** The next so many records of the changelog and results arrive. */
  void arrive(int ofChangelog, int ofResults) {
    for (int i = 0; i < ofChangelog && !changes.isEmpty(); i++) {
      Change change = changes.remove();
      partition.changed(change.key(), change.event());
    }
    for (int i = 0; i < ofResults && !results.isEmpty(); i++) {
      partition.answered(results.remove());
    }
  }

  /** Ends as Kafka Streams ends a task that it has lost: flushed, but not committed. */
  void closeAsLost() {
    flush();
    processor.close();
    store.close();
    arrive(changes.size(), results.size());
  }

  /** Ends as Kafka Streams ends a task that moves: committed. */
  void closeInOrder() {
    commit();
    processor.close();
    store.close();
    arrive(changes.size(), results.size());
  }

  /** Records of the changelog that have not arrived. */
  int changesUnderWay() {
    return changes.size();
  }

  /** Results that have not arrived. */
  int resultsUnderWay() {
    return results.size();
  }

  /** Events that are with the classifier. */
  int unanswered() {
    return classifier.unanswered().size();
  }

  Drain drain() {
    return drain;
  }

  /** Whether the processor wants a commit soon. */
  boolean wantsCommit() {
    return context.committed();
  }

  private void send() {
    for (MockProcessorContext.CapturedForward<? extends byte[], ? extends byte[]> forward :
        context.forwarded()) {
      results.add(Long.parseLong(new String(forward.record().value(), UTF_8)));
    }
    context.resetForwards();
  }

  private ClassifyParts parts() {
    TierPolicy policy = new TierPolicy("b0", Duration.ofMillis(2));
    TierPolicy urgent =
        new TierPolicy(List.of("b0"), Duration.ofMillis(2), Duration.ofSeconds(1), false, null);
    return new ClassifyParts(
        classifier,
        new Router(
            List.of("b0"),
            Map.of(Tier.LATENCY, urgent, Tier.BALANCED, policy, Tier.ACCURACY, policy),
            Tier.BALANCED,
            (variant, objective) -> Prediction.NONE),
        Trials.none(),
        new RawEventReader(),
        TopicNames.DEFAULTS,
        (topic, result) -> result.getEventId().toString().getBytes(UTF_8),
        (topic, comparison) -> new byte[0],
        drain,
        safeguards,
        new ClassifySettings(5, Duration.ofMillis(1), Duration.ofMinutes(5)));
  }
}
