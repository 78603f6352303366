package dev.phistream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {
  @Test
  void sizes_are_read_and_written_with_units() {
    assertThat(DataSize.parse("512")).isEqualTo(new DataSize(512)).hasToString("512 B");
    assertThat(DataSize.parse("64kB")).isEqualTo(new DataSize(64 << 10)).hasToString("64 kB");
    assertThat(DataSize.parse("1536kB")).hasToString("1.5 MB");
    assertThat(DataSize.parse("144.8 MB")).hasToString("144.8 MB");
  }

  @Property
  void a_size_that_is_shown_may_be_set_and_is_no_larger(@ForAll @LongRange(min = 0) long bytes) {
    DataSize size = new DataSize(bytes);

    DataSize pasted = DataSize.parse(size.toString());

    assertThat(pasted).isLessThanOrEqualTo(size);
    assertThat((double) pasted.bytes()).isGreaterThanOrEqualTo(0.9 * bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "-1", "1e6", "144,8 MB", "5 XB", "9999999999999999999TB"})
  void what_is_no_size_is_refused(String text) {
    assertThatThrownBy(() -> DataSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
