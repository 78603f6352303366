package dev.phistream.testkit;

import java.util.concurrent.CountDownLatch;

/** What a step on an event's way may do wrong, whatever the step is. */
public enum Fault {
  /** A bug. */
  THROWS_A_RUNTIME_EXCEPTION,
  /** Input that is nested too deeply for the stack. */
  OVERFLOWS_THE_STACK,
  /** Input that takes more memory than there is. */
  RUNS_OUT_OF_MEMORY,
  /** A library that is missing or of another version. */
  FAILS_TO_LINK,
  /** A checked exception that nobody has declared. */
  THROWS_SOMETHING_UNDECLARED,
  /** A call that does not come back, and does not listen when it is interrupted. */
  NEVER_RETURNS;

  /**
   * Happens; one that never returns does so when the latch opens, so that tests leave no thread.
   */
  public void happen(CountDownLatch end) {
    switch (this) {
      case THROWS_A_RUNTIME_EXCEPTION -> throw new IllegalStateException("a bug");
      case OVERFLOWS_THE_STACK -> throw new AssertionError(depth(0));
      case RUNS_OUT_OF_MEMORY -> throw new OutOfMemoryError("simulated");
      case FAILS_TO_LINK -> throw new NoClassDefFoundError("simulated");
      case THROWS_SOMETHING_UNDECLARED -> throw Fault.<Error>sneaky(new Exception("undeclared"));
      case NEVER_RETURNS -> waitFor(end);
    }
  }

  @SuppressWarnings("InfiniteRecursion") // the point of it
  private static int depth(int calls) {
    return 1 + depth(calls + 1);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the point of it
  private static <E extends Throwable> E sneaky(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @SuppressWarnings("InterruptedExceptionSwallowed") // the point of it
  private static void waitFor(CountDownLatch end) {
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        // It does not listen.
      }
    }
  }
}
