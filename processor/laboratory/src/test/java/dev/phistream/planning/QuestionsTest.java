package dev.phistream.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.phistream.event.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be asked of a plan, as users write it. */
class QuestionsTest {
  @ParameterizedTest
  @CsvSource({"500,500", "0.5,0.5", "20k,20000", "20K,20000", "2M,2000000", "2.5M/s,2500000"})
  void a_rate_may_count_in_thousands_and_millions(String text, double perSecond) {
    assertThat(Rate.parse(text).perSecond()).isEqualTo(perSecond);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-5", "20m", "1e6", "fast", "101M"})
  void another_rate_is_refused_with_what_was_expected(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rate.parse(text))
        .withMessageStartingWith("rate: ")
        .withMessageContaining("expected:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"latency=70,accuracy=30", "accuracy=0.3, latency=0.7,balanced=0"})
  void shares_of_a_mix_are_in_any_unit(String text) {
    TierMix mix = TierMix.parse(text);

    assertThat(mix.shares()).containsOnlyKeys(Tier.LATENCY, Tier.ACCURACY);
    assertThat(mix.shares().get(Tier.LATENCY)).isCloseTo(0.7, within(1e-9));
    assertThat(mix.shares().get(Tier.ACCURACY)).isCloseTo(0.3, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "latency",
        "latency=",
        "latency=x",
        "latency=-1",
        "gold=100",
        "latency=0",
        "default=100",
        "latency=70,latency=30",
        "latency=NaN"
      })
  void another_mix_is_refused_with_an_example(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TierMix.parse(text))
        .withMessageStartingWith("mix: ")
        .withMessageContaining("such as latency=70,accuracy=30");
  }

  @ParameterizedTest
  @CsvSource({"cpu,CPU,4", "cpu:2,CPU,2", "3,CPU,3", "gpu,GPU,1", "gpu:4,GPU,4"})
  void devices_are_counted_for_each_instance(
      String text, InstanceDevices.Kind kind, int workersOnFourCores) {
    InstanceDevices devices = InstanceDevices.parse(text);

    assertThat(devices.kind()).isEqualTo(kind);
    assertThat(devices.workers(4)).isEqualTo(workersOnFourCores);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tpu", "cpu:0", "gpu:", "0", "gpu:99999", "cpu,gpu"})
  void other_devices_are_refused_with_what_there_is(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InstanceDevices.parse(text))
        .withMessageStartingWith("devices: ")
        .withMessageContaining("gpu:4");
  }

  @Test
  void a_burst_is_a_multiple_for_some_seconds() {
    assertThat(Burst.parse("3x10")).isEqualTo(new Burst(3, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "0.5x10", "x10", "1000x1"})
  void another_burst_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Burst.parse(text))
        .withMessageStartingWith("burst: ");
  }
}
