package dev.phistream.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another process that measures, most often a Java process of this program. An engine reads its
 * native settings once per process, so that what needs other settings needs another process. It is
 * spoken to in lines of JSON, and ends when its input does. Not thread-safe.
 */
final class ChildProcess implements AutoCloseable {
  private static final long GOODBYE_SECONDS = 10;
  private static final int LAST_WORDS = 12;

  /** A debugger's port, say, cannot be used twice. */
  private static final List<String> NOT_INHERITED = List.of("-agentlib:", "-javaagent:", "-Xrun");

  private final Process process;
  private final Path errors;
  private final Writer input;
  private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();

  private ChildProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "replies of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts one.
   *
   * @param options for its JVM, after those of this one
   */
  static ChildProcess start(Class<?> main, List<String> options, List<String> arguments)
      throws BenchException {
    return start(main, options, arguments, List.of());
  }

  /**
   * The same with a longer class path.
   *
   * @param libraries to be found after what this JVM has
   */
  static ChildProcess start(
      Class<?> main, List<String> options, List<String> arguments, List<Path> libraries)
      throws BenchException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> NOT_INHERITED.stream().noneMatch(option::startsWith))
        .forEach(command::add);
    command.addAll(options);
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not as an option: ps shows options, and this one has kilobytes.
    builder
        .environment()
        .put(
            "CLASSPATH",
            Stream.concat(
                    Stream.of(System.getProperty("java.class.path")),
                    libraries.stream().map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator)));
    return start(builder);
  }

  /** Starts a process of another program. */
  static ChildProcess start(ProcessBuilder builder) throws BenchException {
    try {
      Path errors = Files.createTempFile("phistream-bench-", ".log");
      return new ChildProcess(builder.redirectError(errors.toFile()).start(), errors);
    } catch (IOException e) {
      throw new BenchException("a process for the measurement does not start: " + e, e);
    }
  }

  /** Sends a line; where it cannot, {@link #receive} says why. */
  void send(String line) {
    try {
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      replies.add("");
    }
  }

  /**
   * Waits for a line.
   *
   * @throws SlowException when none comes in time
   * @throws BenchException when the process has ended, with what it said last
   */
  String receive(Duration timeout) throws SlowException, BenchException, InterruptedException {
    String line = replies.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    if (line == null) {
      throw new SlowException();
    }
    if (line.isEmpty()) {
      throw new BenchException("the measuring process ended early: " + lastWords());
    }
    return line;
  }

  /** No line came in time. */
  static final class SlowException extends Exception {
    SlowException() {
      super("no reply in time");
    }
  }

  /** Ends the process, by force if it does not end with its input. */
  @Override
  public void close() {
    try {
      input.close();
    } catch (IOException e) {
      process.destroyForcibly(); // it has ended, or will now
    }
    try {
      if (!process.waitFor(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(errors);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process now. */
  void kill() {
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith("{")) { // native libraries print to the same place
          replies.add(line);
        }
      }
    } catch (IOException e) {
      // The process is gone; the empty line says so.
    }
    replies.add("");
  }

  private String lastWords() {
    try (Stream<String> lines = Files.lines(errors, StandardCharsets.UTF_8)) {
      List<String> all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - LAST_WORDS), all.size()));
    } catch (IOException | UncheckedIOException e) {
      return errors + " is not readable: " + e;
    }
  }
}
