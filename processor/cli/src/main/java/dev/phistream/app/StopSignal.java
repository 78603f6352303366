package dev.phistream.app;

import dev.phistream.inference.ProcessExit;

/**
 * What happens when the process is told to stop (SIGTERM, SIGINT). As long as there is nothing to
 * close, it ends at once, with the code that shells give for SIGTERM.
 */
public final class StopSignal implements AutoCloseable {
  private static final int TERMINATED = 143;

  /**
   * What to close, and the exit code of a process that has.
   *
   * @param code 0 where stopping as asked is no failure
   */
  private record Order(AutoCloseable resource, int code) {}

  private final Thread hook = new Thread(this::stop, "stop");
  private volatile Order order = new Order(() -> {}, TERMINATED);

  private StopSignal() {}

  /** For a start, during which native libraries are loaded. */
  public static StopSignal ending() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Closes {@code resource}, from a thread of its own, and ends with code 0. */
  public static StopSignal closing(AutoCloseable resource) {
    return closing(resource, 0);
  }

  /** The same with another exit code, for what should have ended by itself. */
  public static StopSignal closing(AutoCloseable resource, int code) {
    StopSignal signal = ending();
    signal.closeInstead(resource, code);
    return signal;
  }

  /** From now on the signal closes {@code resource}. */
  public void closeInstead(AutoCloseable resource, int code) {
    order = new Order(resource, code);
  }

  /** From now on the process ends as usual. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The signal came; the hook ends the process, and nothing behind this may report otherwise.
      try {
        hook.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void stop() {
    Order now = order;
    try {
      now.resource().close();
    } catch (Exception e) {
      e.printStackTrace();
      ProcessExit.now(1);
    }
    ProcessExit.now(now.code());
  }
}
