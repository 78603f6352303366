package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final List<Integer> ran = new ArrayList<>();

  @Test
  void every_batch_size_runs_once_largest_first() throws Exception {
    assertThat(WarmUp.run(holding(99), 2, 5).largest()).isEqualTo(5);

    assertThat(ran).containsExactly(5, 4, 3, 2, 1);
  }

  @Test
  void the_largest_is_halved_until_it_fits() throws Exception {
    assertThat(WarmUp.run(holding(5), 2, 16).largest()).isEqualTo(4);

    assertThat(ran).containsExactly(4, 3, 2, 1);
  }

  @Test
  void memory_that_is_lost_on_the_way_halves_it_too() throws Exception {
    NetworkRunner shrinking = holding(99);
    NetworkRunner runner = failingOnce(shrinking, 6);

    assertThat(WarmUp.run(runner, 2, 8).largest()).isEqualTo(4);

    assertThat(ran).containsExactly(8, 7, 4, 3, 2, 1);
  }

  @Test
  void memory_that_is_short_for_a_smaller_size_is_taken_from_the_largest() throws Exception {
    assertThat(WarmUp.run(failingOnce(holding(99), 3), 2, 8).largest()).isEqualTo(4);

    assertThat(ran).containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
  }

  @Test
  void sizes_that_are_padded_to_the_same_run_once_and_take_as_long() throws Exception {
    // given
    NetworkRunner powersOfTwo = padding(holding(99));

    // when
    WarmUp.Result result = WarmUp.run(powersOfTwo, 2, 8);

    // then
    assertThat(ran).containsExactly(8, 4, 2, 1);
    assertThat(result.times()).containsOnlyKeys(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(result.times().get(5)).isEqualTo(result.times().get(8));
  }

  @Test
  void no_room_for_a_single_image_is_a_failure() {
    assertThatThrownBy(() -> WarmUp.run(holding(0), 2, 8))
        .isInstanceOf(TooLargeForDeviceException.class);
  }

  private NetworkRunner holding(int images) {
    return runner(
        batch -> {
          if (batch > images) {
            throw new TooLargeForDeviceException("full", new Exception());
          }
          ran.add(batch);
        });
  }

  private static NetworkRunner failingOnce(NetworkRunner runner, int size) {
    boolean[] failed = {false};
    return runner(
        batch -> {
          if (batch == size && !failed[0]) {
            failed[0] = true;
            throw new TooLargeForDeviceException("full", new Exception());
          }
          runner.logits(Collections.nCopies(batch, new byte[12]));
        });
  }

  private static NetworkRunner padding(NetworkRunner runner) {
    return new NetworkRunner() {
      @Override
      public List<float[]> logits(List<byte[]> images) throws InferenceException {
        return runner.logits(images);
      }

      @Override
      public int padded(int images) {
        return images <= 1 ? 1 : 2 * Integer.highestOneBit(images - 1);
      }

      @Override
      public void close() {}
    };
  }

  private interface Batch {
    void run(int images) throws InferenceException;
  }

  private static NetworkRunner runner(Batch batch) {
    return new NetworkRunner() {
      @Override
      public List<float[]> logits(List<byte[]> images) throws InferenceException {
        assertThat(images).allMatch(image -> image.length == 12);
        batch.run(images.size());
        return Collections.nCopies(images.size(), new float[1]);
      }

      @Override
      public void close() {}
    };
  }
}
