package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Problem;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.model.ModelException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ErrorReportTest {
  /** A command that only fails. */
  @Command(name = "fails")
  private record Failing(Exception error) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      throw error;
    }
  }

  /** A command with an error of its own. */
  @Command(name = "impossible")
  private static final class Impossible implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("a stone fell up");
    }
  }

  static Stream<Exception> errors_for_users() {
    return Stream.of(new CommandException("disk: full"), new ModelException("disk: full"));
  }

  @ParameterizedTest
  @MethodSource("errors_for_users")
  void what_a_user_can_mend_is_one_line(Exception error) {
    CommandRun run = run(new Failing(error));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("phistream: disk: full" + System.lineSeparator());
    assertThat(run.out()).isEmpty();
  }

  @Test
  void a_image_that_is_none_is_one_line() {
    ImageException error =
        catchThrowableOfType(
            ImageException.class, () -> new ImageDecoder(DecodeLimits.DEFAULT).decode(new byte[0]));

    CommandRun run = run(new Failing(error));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("phistream: the image has no bytes" + System.lineSeparator());
  }

  @Test
  void wrong_settings_are_misuse_and_have_a_line_each() {
    Exception wrong =
        new ConfigException(
            List.of(
                new Problem("a", "a: 0 (expected: 1)"), new Problem("b", "b: 1 (expected: 0)")));

    CommandRun run = run(new Failing(wrong));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines())
        .containsExactly("phistream: a: 0 (expected: 1)", "phistream: b: 1 (expected: 0)");
  }

  @Test
  void what_only_a_developer_can_mend_comes_with_its_stack_trace() {
    CommandRun run = run(new Impossible());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("phistream: impossible failed unexpectedly")
        .contains("java.lang.IllegalStateException: a stone fell up")
        .contains("\tat " + Impossible.class.getName() + ".call(ErrorReportTest.java:");
  }

  @Test
  void an_argument_that_our_own_code_refuses_is_a_defect() {
    CommandRun run = run(new Failing(new IllegalArgumentException("maxBatch: 0")));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("failed unexpectedly").contains("\tat ");
  }

  private static CommandRun run(Object command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), false);
    int code =
        new CommandLine(command).setExecutionExceptionHandler(new ErrorReport(console)).execute();
    return new CommandRun(code, out.toString(), err.toString());
  }
}
