package dev.phistream.replay;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Counts results on their way to their topic. */
final class LabelCounter extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  private final ReplayParts parts;
  private @Nullable Counts counts;

  LabelCounter(ReplayParts parts) {
    this.parts = parts;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    counts = new Counts(context.getStateStore(Counts.STORE));
  }

  @Override
  public void process(Record<byte[], byte[]> result) {
    Counts all = counts;
    if (all == null) {
      throw new IllegalStateException("the task is closed");
    }
    all.add(Counts.LABELLED);
    String compared = parts.comparison().count(result.value());
    if (compared != null) {
      all.add(compared);
    }
    parts.live().labelled();
    parts.plan().mark(result.headers());
    context().forward(result);
  }
}
