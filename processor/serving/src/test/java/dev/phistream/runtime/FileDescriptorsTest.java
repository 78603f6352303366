package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.config.ConfigException;
import org.junit.jupiter.api.Test;

class FileDescriptorsTest {
  @Test
  void a_process_that_may_open_hardly_anything_more_is_refused_with_the_remedy() {
    assertThatThrownBy(() -> FileDescriptors.check(200, 256))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "file descriptors: 200 of 256 are in use (expected: at least 128 free, for connections"
                + " and files); raise the limit, such as with ulimit -n 4096 or LimitNOFILE=4096");
  }

  @Test
  void a_usual_limit_is_enough() {
    assertThatCode(() -> FileDescriptors.check(200, 1024)).doesNotThrowAnyException();
    assertThatCode(FileDescriptors::check).doesNotThrowAnyException();
  }
}
