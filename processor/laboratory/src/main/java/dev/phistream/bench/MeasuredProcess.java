package dev.phistream.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process that does jobs of type {@code J} and answers with replies of type {@code R}, seen from
 * the benchmark; the other end is {@link Protocol#serve}. Not thread-safe.
 */
final class MeasuredProcess<J, R> implements AutoCloseable {
  private final String name;
  private final ChildProcess process;
  private final Class<R> replies;

  private MeasuredProcess(String name, ChildProcess process, Class<R> replies) {
    this.name = name;
    this.process = process;
    this.replies = replies;
  }

  /**
   * Starts one.
   *
   * @param name for messages
   * @param main what it runs
   * @param jvm options for its JVM
   * @param arguments of its main method
   * @param libraries what its class path has beyond that of this process
   */
  static <J, R> MeasuredProcess<J, R> start(
      String name,
      Class<?> main,
      Class<R> replies,
      List<String> jvm,
      List<String> arguments,
      List<Path> libraries)
      throws BenchException {
    return new MeasuredProcess<>(
        name, ChildProcess.start(main, jvm, arguments, libraries), replies);
  }

  /** Starts another program that speaks the {@link Protocol}. */
  static <J, R> MeasuredProcess<J, R> start(String name, ProcessBuilder program, Class<R> replies)
      throws BenchException {
    return new MeasuredProcess<>(name, ChildProcess.start(program), replies);
  }

  /**
   * Has a job done that has one reply.
   *
   * @throws BenchException when it cannot be done, or not in time; the process is ended then
   */
  R ask(J job, Duration timeout) throws BenchException, InterruptedException {
    send(job);
    return receive(timeout)
        .orElseThrow(
            () ->
                new BenchException(
                    "%s: no answer to %s within %d s; on a slow machine, measure less"
                        .formatted(name, job, timeout.toSeconds())));
  }

  /** Sends a job; {@link #receive} takes its replies. */
  void send(J job) {
    process.send(Json.line(job));
  }

  /**
   * Waits for a reply; if none comes in time, there is none, and the process is ended.
   *
   * @throws BenchException when the job failed or the process has ended
   */
  Optional<R> receive(Duration timeout) throws BenchException, InterruptedException {
    try {
      return Optional.of(Protocol.read(name, process.receive(timeout), replies));
    } catch (ChildProcess.SlowException e) {
      process.kill();
      return Optional.empty();
    }
  }

  /** Ends the process now. */
  void kill() {
    process.kill();
  }

  @Override
  public void close() {
    process.close();
  }
}
