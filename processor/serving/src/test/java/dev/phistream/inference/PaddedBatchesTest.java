package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddedBatchesTest {
  /** Most images that the simulated device takes at once. */
  private int room = Integer.MAX_VALUE;

  /** Most sessions that it has memory for. */
  private int places = Integer.MAX_VALUE;

  private final List<Session> sessions = new ArrayList<>();

  @Test
  void five_images_run_as_eight_and_five_are_answered_in_order() throws Exception {
    // given
    PaddedBatches batches = PaddedBatches.withSessionEach(16, this::open);

    // when
    List<float[]> logits = batches.logits(images(5));

    // then
    assertThat(logits).extracting(row -> (int) row[0]).containsExactly(0, 1, 2, 3, 4);
    assertThat(sessions).hasSize(5);
    assertThat(sessions.get(3).ran).containsExactly(8);
  }

  @Test
  void each_power_of_two_has_a_session_that_sees_no_other_size() throws Exception {
    PaddedBatches batches = PaddedBatches.withSessionEach(64, this::open);

    for (int size = 1; size <= 64; size++) {
      assertThat(batches.logits(images(size))).hasSize(size);
    }

    assertThat(sessions)
        .extracting(session -> session.ran.stream().distinct().toList())
        .containsExactly(
            List.of(1), List.of(2), List.of(4), List.of(8), List.of(16), List.of(32), List.of(64));
  }

  @Test
  void the_warm_up_runs_each_session_once() throws Exception {
    WarmUp.run(PaddedBatches.withSessionEach(64, this::open), 2, 64);

    assertThat(sessions)
        .extracting(session -> session.ran)
        .containsExactly(
            List.of(1), List.of(2), List.of(4), List.of(8), List.of(16), List.of(32), List.of(64));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "16, 16", "17, 24", "24, 24"})
  void the_largest_size_is_the_largest_micro_batch_even_if_no_power_of_two(int size, int padded)
      throws Exception {
    PaddedBatches batches = PaddedBatches.withSessionEach(24, this::open);

    batches.logits(images(size));

    assertThat(batches.padded(size)).isEqualTo(padded);
    assertThat(sessions.stream().flatMap(session -> session.ran.stream())).containsExactly(padded);
  }

  @Test
  void sizes_that_are_too_large_are_given_up_and_their_memory_freed() throws Exception {
    // given
    room = 8;
    PaddedBatches batches = PaddedBatches.withSessionEach(32, this::open);

    // when
    WarmUp.Result result = WarmUp.run(batches, 2, 32);

    // then
    assertThat(result.largest()).isEqualTo(8);
    assertThat(sessions).extracting(session -> session.closed).containsExactly(0, 0, 0, 0, 1, 1);
    assertThatThrownBy(() -> batches.logits(images(9)))
        .isInstanceOf(TooLargeForDeviceException.class)
        .hasMessage("a micro-batch of 9 (expected: at most 8, the largest that is prepared)");
  }

  @Test
  void a_device_without_memory_for_all_sessions_gets_those_of_the_smaller_sizes() throws Exception {
    places = 3;

    WarmUp.Result result = WarmUp.run(PaddedBatches.withSessionEach(32, this::open), 2, 32);

    assertThat(result.largest()).isEqualTo(4);
    assertThat(sessions).hasSize(3).allMatch(session -> session.closed == 0);
  }

  @Test
  void a_device_without_memory_for_one_session_is_a_failure() {
    places = 0;

    assertThatThrownBy(() -> PaddedBatches.withSessionEach(8, this::open))
        .isInstanceOf(OrtException.class)
        .hasMessageContaining("out of memory");
  }

  @Test
  void under_a_memory_limit_one_session_serves_all_padded_sizes() throws Exception {
    // given
    room = 4;
    PaddedBatches batches = PaddedBatches.withOneSession(16, this::open);

    // when
    WarmUp.Result result = WarmUp.run(batches, 2, 16);
    batches.logits(images(3));
    batches.close();

    // then
    assertThat(result.largest()).isEqualTo(4);
    assertThat(sessions).singleElement().satisfies(only -> assertThat(only.closed).isEqualTo(1));
    assertThat(sessions.get(0).ran).containsExactly(4, 2, 1, 4);
  }

  @Test
  void closing_frees_every_session_once() throws Exception {
    PaddedBatches.withSessionEach(8, this::open).close();

    assertThat(sessions).hasSize(4).allMatch(session -> session.closed == 1);
  }

  private NetworkRunner open() throws OrtException {
    if (sessions.size() == places) {
      throw new OrtException("CUDA failure 2: out of memory");
    }
    Session session = new Session();
    sessions.add(session);
    return session;
  }

  private static List<byte[]> images(int count) {
    return IntStream.range(0, count).mapToObj(i -> new byte[] {(byte) i}).toList();
  }

  /** Answers with what it was given. */
  private final class Session implements NetworkRunner {
    private final List<Integer> ran = new ArrayList<>();
    private int closed;

    @Override
    public List<float[]> logits(List<byte[]> images) throws InferenceException {
      if (images.size() > room) {
        throw new TooLargeForDeviceException("full");
      }
      ran.add(images.size());
      return images.stream().map(image -> new float[] {image[0]}).toList();
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
