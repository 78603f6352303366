package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubBatchesTest {
  @ParameterizedTest
  @CsvSource({"1, '1'", "4, '4'", "5, '4 1'", "8, '4 4'", "11, '4 4 3'"})
  void a_micro_batch_is_answered_in_its_order_from_parts_of_at_most_four(int pictures, String parts)
      throws InferenceException {
    // given
    Counting runner = new Counting();

    // when
    List<float[]> logits =
        new SubBatches(runner, 4)
            .logits(IntStream.range(0, pictures).mapToObj(i -> new byte[] {(byte) i}).toList());

    // then
    assertThat(logits)
        .extracting(row -> (int) row[0])
        .containsExactlyElementsOf(IntStream.range(0, pictures).boxed().toList());
    assertThat(runner.sizes.stream().map(String::valueOf).toList())
        .containsExactly(parts.split(" "));
  }

  /** Answers with what it was given. */
  private static final class Counting implements NetworkRunner {
    private final List<Integer> sizes = new ArrayList<>();

    @Override
    public List<float[]> logits(List<byte[]> pictures) {
      sizes.add(pictures.size());
      return pictures.stream().map(picture -> new float[] {picture[0]}).toList();
    }

    @Override
    public void close() {}
  }
}
