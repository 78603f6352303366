package dev.phistream.testkit;

import dev.phistream.app.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** {@code phistream run} as a process of its own, so that it can be killed. */
public final class ProcessorProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(60);

  /** Halves the processor time until it is ready, which is most of what such a process takes. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData");

  private final Process process;
  private final Path output;

  private ProcessorProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts one; it need not be ready yet. */
  public static ProcessorProcess start(Map<String, String> settings) {
    return start(settings, Map.of());
  }

  /** The same with environment variables of its own. */
  public static ProcessorProcess start(
      Map<String, String> settings, Map<String, String> environment) {
    return start(List.of("run"), settings, environment);
  }

  /** The same for another command, with its arguments. */
  public static ProcessorProcess start(
      List<String> arguments, Map<String, String> settings, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SHORT_LIVED);
    command.addAll(
        List.of("-Xmx1g", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    settings.forEach((name, value) -> command.add("--set=" + name + "=" + value));
    try {
      Path output = Files.createTempFile("phistream-run-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      return new ProcessorProcess(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it takes events. */
  public ProcessorProcess awaitReady() {
    Awaitility.await("ready line of the processor")
        .atMost(START)
        .failFast("the processor is alive", this::checkAlive)
        .until(() -> output().contains("ready "));
    return this;
  }

  /** Fails with what it printed when it is not running any more. */
  public void checkAlive() {
    if (!process.isAlive()) {
      throw new AssertionError("the processor ended: " + output());
    }
  }

  /** SIGKILL: no goodbye. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /**
   * SIGTERM: the processor may finish what it has.
   *
   * @return its exit code
   */
  public int terminate() {
    process.destroy();
    return awaitExit();
  }

  /**
   * Waits until it has ended by itself.
   *
   * @return its exit code
   */
  public int awaitEnd() {
    return awaitExit();
  }

  /** SIGTERM, without waiting for the end. */
  public void requestStop() {
    process.destroy();
  }

  /** SIGSTOP: it stands still, as under a debugger or on a frozen machine. */
  public void pause() {
    signal("STOP");
  }

  /** SIGCONT: it goes on after {@link #pause}. */
  public void resume() {
    signal("CONT");
  }

  /** Whether it runs, or is paused. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit code, once it has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** What it printed. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.delete(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void signal(String name) {
    try {
      int exit =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new AssertionError("no process to send SIG" + name + " to: " + process.pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private int awaitExit() {
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the processor does not end: " + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
