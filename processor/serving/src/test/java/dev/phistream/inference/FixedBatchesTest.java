package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedBatchesTest {
  @ParameterizedTest
  @CsvSource({"1, 0, 1", "3, 0, 3", "4, 1, 0", "7, 1, 3", "8, 2, 0"})
  void a_micro_batch_is_answered_in_its_order_by_parts_of_four_and_singles(
      int images, int parts, int singles) throws InferenceException {
    // given
    Recording fours = new Recording();
    Recording ones = new Recording();

    // when
    List<float[]> logits =
        new FixedBatches(fours, 4, ones)
            .logits(IntStream.range(0, images).mapToObj(i -> new byte[] {(byte) i}).toList());

    // then
    assertThat(logits)
        .extracting(row -> (int) row[0])
        .containsExactlyElementsOf(IntStream.range(0, images).boxed().toList());
    assertThat(fours.sizes).hasSize(parts).allMatch(size -> size == 4);
    assertThat(ones.sizes).hasSize(singles).allMatch(size -> size == 1);
  }

  @Test
  void parts_of_large_networks_are_smaller_so_that_their_maps_stay_in_the_cache() {
    // given
    long bundled = 30_000_000;
    long b0 = 386_000_000;

    // then
    assertThat(MxnetEngine.partOf(bundled)).isEqualTo(4);
    assertThat(MxnetEngine.partOf(b0)).isEqualTo(2);
  }

  /** Answers with what it was given. */
  private static final class Recording implements NetworkRunner {
    private final List<Integer> sizes = new ArrayList<>();

    @Override
    public List<float[]> logits(List<byte[]> images) {
      sizes.add(images.size());
      return images.stream().map(image -> new float[] {image[0]}).toList();
    }

    @Override
    public void close() {}
  }
}
