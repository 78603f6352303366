package dev.phistream.replay;

import dev.phistream.topology.TopologyExtension;
import dev.phistream.wire.EventRecord;
import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Lets the events of a plan pass, each once, and says in the journal when its partition is done:
 * the consumer is past the end, the classifier has nothing more of it, and the record commits
 * together with the last outcome.
 */
final class ReplayGate implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final ReplayParts parts;
  private @Nullable Task task;

  /** What only exists while the task runs. */
  private record Task(
      ProcessorContext<byte[], byte[]> context, Counts counts, PartitionRange range) {}

  ReplayGate(ReplayParts parts) {
    this.parts = parts;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    task =
        new Task(
            context,
            new Counts(context.getStateStore(Counts.STORE)),
            parts.plan().range(context.taskId().partition()));
    context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, now -> look(task(), now));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Task task = task();
    Counts counts = task.counts();
    RecordMetadata place =
        task.context()
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a record without a place"));
    long offset = place.offset();
    // Not before the position either: the group's offsets may have expired since.
    long next = Math.max(task.range().start(), counts.get(Counts.POSITION));
    if (offset < next || offset >= task.range().end()) {
      return;
    }
    counts.put(Counts.POSITION, offset + 1);
    counts.add(Counts.READ);
    String reason = parts.filter().reasonToSkip(event(record, place));
    if (reason != null) {
      counts.add(Counts.SKIPPED + reason);
      parts.live().skipped();
      return;
    }
    counts.add(Counts.ADMITTED);
    parts.rateLimits().take();
    task.context().forward(record, TopologyExtension.CLASSIFIER);
  }

  @Override
  public void close() {
    task = null;
  }

  private void look(Task task, long now) {
    Counts counts = task.counts();
    int partition = task.range().partition();
    long deleted = parts.watch().takeDeleted(partition);
    if (deleted > 0) {
      counts.put(Counts.DELETED, counts.get(Counts.DELETED) + deleted);
    }
    if (counts.get(Counts.DONE) == 0 && isThrough(task) && counts.inFlight() == 0) {
      counts.put(Counts.DONE, 1);
      JournalRecord record =
          new JournalRecord.PartitionDone(parts.plan().generation(), partition, now, counts.all());
      task.context()
          .forward(
              new Record<>(Journal.key(parts.plan().name()), record.bytes(), now),
              TopologyExtension.NOTICES);
      task.context().commit();
    }
  }

  /** Whether nothing more comes from the range. */
  private boolean isThrough(Task task) {
    long position = Math.max(task.range().start(), task.counts().get(Counts.POSITION));
    return position >= task.range().end()
        || parts.watch().isExhausted(task.range().partition(), position);
  }

  private static EventRecord event(Record<byte[], byte[]> record, RecordMetadata place) {
    return new EventRecord(
        place.topic(),
        place.partition(),
        place.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        record.headers());
  }

  private Task task() {
    if (task == null) {
      throw new IllegalStateException("the task is closed");
    }
    return task;
  }
}
