package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.batching.AdaptiveSizing;
import dev.phistream.batching.BatchPolicy;
import dev.phistream.batching.QueueKey;
import dev.phistream.inference.NetworkRunner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunnerDeviceTest {
  private static final QueueKey B0 = QueueKey.of("b0");

  /** Pads to eight. */
  private static final NetworkRunner PADDING =
      new NetworkRunner() {
        @Override
        public List<float[]> logits(List<byte[]> images) {
          return images.stream().map(image -> new float[1]).toList();
        }

        @Override
        public int padded(int images) {
          return 8;
        }

        @Override
        public void close() {}
      };

  @Test
  void what_a_padded_batch_took_counts_for_all_that_are_padded_to_the_same() {
    // given
    RunnerDevice device = new RunnerDevice("gpu:0");
    device.add(B0, new RunnerDevice.WarmRunner(PADDING, 8, Map.of(8, Duration.ofMillis(100))));
    BatchPolicy policy = new BatchPolicy(8, Duration.ofMillis(40));
    AdaptiveSizing sizing =
        new AdaptiveSizing(queue -> policy, device::maxBatch, device::measured, device::padded);
    int before = sizing.target(B0);

    // when
    sizing.observe(B0, 3, Duration.ofMillis(20).toNanos());

    // then
    assertThat(before).isEqualTo(1);
    assertThat(sizing.target(B0)).isEqualTo(8);
    assertThat(sizing.predictedNanos(B0, 5)).isEqualTo(Duration.ofMillis(20).toNanos());
  }

  @Test
  void a_model_that_is_not_there_pads_nothing() {
    assertThat(new RunnerDevice("gpu:0").padded(B0, 5)).isEqualTo(5);
  }
}
