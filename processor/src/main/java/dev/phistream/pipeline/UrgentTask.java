package dev.phistream.pipeline;

/**
 * A task that knows when it is due.
 *
 * @param dueNanos on the pipeline's clock; compares by difference only
 * @param task what to do
 */
record UrgentTask(long dueNanos, Runnable task) implements Runnable, Comparable<UrgentTask> {
  @Override
  public void run() {
    task.run();
  }

  @Override
  public int compareTo(UrgentTask other) {
    return Long.signum(dueNanos - other.dueNanos);
  }
}
