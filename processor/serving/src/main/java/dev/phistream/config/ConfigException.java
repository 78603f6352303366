package dev.phistream.config;

import dev.phistream.failure.UserException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Settings that are wrong; its message has a line for each of them. */
public final class ConfigException extends UserException {
  private final transient List<Problem> problems;

  /** Creates the exception for at least one problem. */
  public ConfigException(List<Problem> problems) {
    this(problems, null);
  }

  /** Creates the exception for at least one problem and a cause. */
  public ConfigException(List<Problem> problems, @Nullable Throwable cause) {
    super(
        MISUSE,
        problems.stream().map(Problem::message).distinct().collect(Collectors.joining("\n")),
        "",
        cause);
    this.problems = List.copyOf(problems);
  }

  /** Returns what is wrong, one entry for each setting. */
  public List<Problem> problems() {
    return problems;
  }
}
