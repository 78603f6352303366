package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosersTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void what_was_opened_last_is_closed_first() {
    Closers closers = new Closers();
    closers.add(part("meters"));
    closers.add(part("models"));
    closers.add(part("streams"));

    closers.close();

    assertThat(closed).containsExactly("streams", "models", "meters");
  }

  @Test
  void a_step_that_fails_closes_what_was_opened_before_it() {
    assertThatThrownBy(
            () -> {
              try (Closers opened = new Closers()) {
                opened.add(part("meters"));
                opened.add(part("models"));
                throw new IOException("no broker");
              }
            })
        .hasMessage("no broker");

    assertThat(closed).containsExactly("models", "meters");
  }

  @Test
  void what_was_released_is_closed_by_its_new_owner_alone() {
    Closers owner;
    try (Closers opened = new Closers()) {
      opened.add(part("meters"));
      opened.add(part("models"));
      owner = opened.release();
    }
    assertThat(closed).isEmpty();

    owner.close();
    owner.close();

    assertThat(closed).containsExactly("models", "meters");
  }

  @Test
  void a_part_that_fails_to_close_keeps_no_other_open() {
    Closers closers = new Closers();
    closers.add(part("meters"));
    closers.add(
        () -> {
          throw new IOException("disk full");
        });
    closers.add(
        () -> {
          throw new IOException("socket gone");
        });

    assertThatThrownBy(closers::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("socket gone")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("disk full"));
    assertThat(closed).containsExactly("meters");
  }

  private AutoCloseable part(String name) {
    return () -> closed.add(name);
  }
}
