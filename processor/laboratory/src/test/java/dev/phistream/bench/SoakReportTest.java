package dev.phistream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SoakReportTest {
  private static final long MIB = 1 << 20;
  private static final long HEAP = 512 * MIB;

  @Test
  void a_leak_of_a_kilobyte_per_batch_shows_in_full_whatever_the_warm_up_did() {
    List<MemorySample> samples =
        LongStream.rangeClosed(1, 100)
            .map(i -> i * 100)
            .mapToObj(n -> sample(n, (n < 2000 ? 50 : 200) * MIB + n * 1024))
            .toList();

    SoakReport.Growth growth = SoakReport.Growth.of(samples);

    assertThat(growth.fromBatch()).isEqualTo(2000);
    assertThat(growth.toBatch()).isEqualTo(10_000);
    assertThat(growth.startMib()).isCloseTo(200 + 2000 / 1024.0, within(1e-6));
    assertThat(growth.growthMib()).isCloseTo(8000 / 1024.0, within(1e-6));
    assertThat(growth.percent())
        .isCloseTo(100 * growth.growthMib() / growth.startMib(), within(1e-9));
    assertThat(report(samples, 3).flat()).isFalse();
    assertThat(report(samples, 4).flat()).isTrue();
  }

  @Test
  void memory_that_goes_up_and_down_is_flat() {
    List<MemorySample> samples =
        LongStream.rangeClosed(1, 101)
            .mapToObj(n -> sample(n, (n % 2 == 0 ? 190 : 210) * MIB))
            .toList();

    assertThat(SoakReport.Growth.of(samples).percent()).isCloseTo(0, within(0.5));
  }

  @Test
  void a_soak_that_was_broken_off_is_not_flat() {
    List<MemorySample> samples = List.of(sample(1, MIB), sample(2, MIB), sample(3, MIB));

    assertThat(report(samples, 5).complete()).isFalse();
    assertThat(report(samples, 5).flat()).isFalse();
  }

  private static MemorySample sample(long batches, long nativeBytes) {
    return new MemorySample(batches, HEAP + nativeBytes, HEAP + nativeBytes, HEAP, MIB, MIB);
  }

  private static SoakReport report(List<MemorySample> samples, double allowed) {
    return new SoakReport(
        SoakReport.SCHEMA,
        "2026-01-01T00:00:00Z",
        MachineFacts.here(),
        "mxnet",
        "1",
        "phi-11",
        10_000,
        0,
        0,
        1,
        SoakReport.Growth.of(samples),
        allowed,
        samples);
  }
}
