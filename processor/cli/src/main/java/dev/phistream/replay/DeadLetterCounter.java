package dev.phistream.replay;

import dev.phistream.topology.HeaderNames;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Counts dead letters by code on their way to their topic. */
final class DeadLetterCounter extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  private final ReplayParts parts;
  private @Nullable Counts counts;

  DeadLetterCounter(ReplayParts parts) {
    this.parts = parts;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    super.init(context);
    counts = new Counts(context.getStateStore(Counts.STORE));
  }

  @Override
  public void process(Record<byte[], byte[]> letter) {
    Counts all = counts;
    if (all == null) {
      throw new IllegalStateException("the task is closed");
    }
    String code = code(letter);
    all.addDeadLetter(code);
    parts.live().deadLetter(code);
    parts.plan().mark(letter.headers());
    context().forward(letter);
  }

  private static String code(Record<byte[], byte[]> letter) {
    Header header = letter.headers().lastHeader(HeaderNames.ERROR_CODE);
    return header == null || header.value() == null
        ? "unknown"
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
