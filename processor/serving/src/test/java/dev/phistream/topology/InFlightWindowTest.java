package dev.phistream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class InFlightWindowTest {
  private final InFlightWindow window =
      new InFlightWindow(new WindowSettings(4, 1000), () -> false);

  @Test
  void a_partition_is_full_with_so_many_events_and_the_others_are_not() {
    InFlightWindow.Share share = window.open(partition(0));
    window.open(partition(1));
    IntStream.range(0, 4).forEach(i -> share.take(1));

    assertThat(window.isFull(partition(0))).isTrue();
    assertThat(window.isFull(partition(1))).isFalse();

    share.release(1);
    assertThat(window.isFull(partition(0))).isFalse();
  }

  @Test
  void one_partition_leaves_half_of_the_bytes_to_the_others() {
    InFlightWindow.Share greedy = window.open(partition(0));
    InFlightWindow.Share modest = window.open(partition(1));
    greedy.take(500);

    assertThat(window.isFull(partition(0))).isTrue();
    assertThat(window.isFull(partition(1))).isFalse();

    modest.take(100);
    assertThat(window.isFull(partition(1))).isFalse();
  }

  @Test
  void all_partitions_together_have_no_more_than_the_bytes_and_one_event_that_did_not_fit() {
    List<InFlightWindow.Share> shares = new ArrayList<>();
    IntStream.range(0, 200).forEach(i -> shares.add(window.open(partition(i))));
    boolean taken = true;
    while (taken) {
      taken = false;
      for (InFlightWindow.Share share : shares) {
        if (!share.isFull()) {
          share.take(60);
          taken = true;
        }
      }
    }

    assertThat(window.bytes()).isBetween(900L, 1060L);
  }

  @Test
  void an_event_of_any_size_is_taken_when_nothing_is_in_flight() {
    InFlightWindow.Share share = window.open(partition(0));
    assertThat(share.isFull()).isFalse();

    share.take(1_000_000);
    share.release(1_000_000);

    assertThat(share.isFull()).isFalse();
  }

  @Test
  void a_task_that_ends_gives_back_what_it_had() {
    window.open(partition(0)).take(900);
    InFlightWindow.Share before = window.open(partition(1));
    before.take(90);
    InFlightWindow.Share after = window.open(partition(1));

    before.close(); // the next owner was faster

    assertThat(window.bytes()).isEqualTo(900);
    assertThat(window.isFull(partition(1))).isEqualTo(after.isFull());
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition("images", number);
  }
}
