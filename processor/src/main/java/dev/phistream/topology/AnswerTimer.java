package dev.phistream.topology;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Has a task look for answers at an interval, and less often while its events wait for room, who
 * look for answers themselves: after each time Kafka Streams takes fewer records in a row, and what
 * it does between them costs as much as a fifth of its thread. Confined to that thread.
 */
final class AnswerTimer {
  private static final int LESS_OFTEN = 20;

  private final ProcessorContext<?, ?> context;
  private final Duration interval;
  private final Punctuator look;
  private Cancellable timer;
  private boolean rare;
  private boolean waited;

  /** Looks from now on, until the task closes. */
  AnswerTimer(ProcessorContext<?, ?> context, Duration interval, Punctuator look) {
    this.context = context;
    this.interval = interval;
    this.look = look;
    this.timer = schedule(interval);
  }

  /** Notes that an event waited for room. */
  void waited() {
    waited = true;
  }

  private void fire(long now) {
    look.punctuate(now);
    if (rare != waited) {
      rare = waited;
      timer.cancel();
      timer = schedule(rare ? interval.multipliedBy(LESS_OFTEN) : interval);
    }
    waited = false;
  }

  private Cancellable schedule(Duration every) {
    return context.schedule(every, PunctuationType.WALL_CLOCK_TIME, this::fire);
  }
}
