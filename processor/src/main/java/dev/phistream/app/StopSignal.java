package dev.phistream.app;

/**
 * Closes something in order when the process is told to stop (SIGTERM, SIGINT), and ends the
 * process with code 0 then, where stopping as asked is no failure.
 */
final class StopSignal implements AutoCloseable {
  private final Thread hook;

  private StopSignal(Thread hook) {
    this.hook = hook;
  }

  /** Closes {@code resource}, from a thread of its own, when the signal comes. */
  static StopSignal closing(AutoCloseable resource) {
    return closing(resource, 0);
  }

  /** The same with another exit code, for what should have ended by itself. */
  static StopSignal closing(AutoCloseable resource, int code) {
    Thread hook =
        new Thread(
            () -> {
              try {
                resource.close();
              } catch (Exception e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
              }
              Runtime.getRuntime().halt(code);
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    return new StopSignal(hook);
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
}
