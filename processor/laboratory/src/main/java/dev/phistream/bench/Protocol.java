package dev.phistream.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a benchmark speaks with a process that it measures: one job per line in, replies as lines
 * out. A reply is {@code {"value": …}}, or {@code {"error": "…"}} when the job failed.
 */
final class Protocol {
  /** What a measured process does. */
  interface Work<J, R> extends AutoCloseable {
    /**
     * Does one job and gives its replies, in order.
     *
     * @throws Exception becomes the job's error; the next job is taken all the same
     */
    void run(J job, Consumer<R> replies) throws Exception;

    @Override
    void close();
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Reply(@Nullable String error, @Nullable JsonNode value) {}

  private Protocol() {}

  /** Serves jobs from standard input until it ends. Whatever else prints goes to standard error. */
  static <J, R> void serve(Class<J> jobs, Work<J, R> work) throws IOException {
    PrintStream replies = System.out;
    System.setOut(System.err);
    try (work) {
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line;
      while ((line = input.readLine()) != null) {
        try {
          work.run(Json.read(line, jobs), reply -> say(replies, new Reply(null, Json.tree(reply))));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          say(replies, new Reply("interrupted", null));
        } catch (Exception e) {
          say(replies, new Reply(text(e), null));
        }
      }
    }
  }

  /**
   * Reads a reply.
   *
   * @throws BenchException when the job failed, or when the line is no reply
   */
  static <R> R read(String name, String line, Class<R> type) throws BenchException {
    try {
      Reply reply = Json.read(line, Reply.class);
      if (reply.error() != null) {
        throw new BenchException("%s: %s".formatted(name, reply.error()));
      }
      return Json.value(Objects.requireNonNull(reply.value(), "value"), type);
    } catch (JsonProcessingException | NullPointerException e) {
      throw new BenchException(
          "%s: no reply but '%s' (expected: a value or an error)".formatted(name, line), e);
    }
  }

  private static void say(PrintStream replies, Reply reply) {
    replies.println(Json.line(reply));
    replies.flush();
  }

  /** What a user can mend needs its message alone; what is unexpected needs its causes, too. */
  private static String text(Exception e) {
    if (!(e instanceof RuntimeException) || e instanceof IllegalArgumentException) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    }
    return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
        .map(Throwable::toString)
        .collect(Collectors.joining("; because of "));
  }
}
