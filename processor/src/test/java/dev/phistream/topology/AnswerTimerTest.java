package dev.phistream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class AnswerTimerTest {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
  private int looks;
  private final AnswerTimer timer = new AnswerTimer(context, INTERVAL, now -> looks++);

  @Test
  void answers_are_looked_for_at_the_interval() {
    fire();

    assertThat(looks).isOne();
    assertThat(schedule().getInterval()).isEqualTo(INTERVAL);
  }

  @Test
  void less_often_while_events_wait_for_room() {
    timer.waited();
    fire();
    timer.waited();
    fire();

    assertThat(looks).isEqualTo(2);
    assertThat(schedule().getInterval()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void at_the_interval_again_once_none_waited() {
    timer.waited();
    fire();
    fire();

    assertThat(schedule().getInterval()).isEqualTo(INTERVAL);
  }

  private void fire() {
    schedule().getPunctuator().punctuate(0);
  }

  /** The one that is in force. */
  private CapturedPunctuator schedule() {
    List<CapturedPunctuator> all =
        context.scheduledPunctuators().stream().filter(each -> !each.cancelled()).toList();
    assertThat(all).hasSize(1);
    return all.get(0);
  }
}
