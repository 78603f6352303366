package dev.phistream.pipeline;

/**
 * A task that knows when it is due.
 *
 * @param dueNanos on the pipeline's clock; compares by difference only
 * @param task what to do
 * @param onDrop what to do instead if the pool closes first
 */
record UrgentTask(long dueNanos, Runnable task, Runnable onDrop)
    implements Runnable, Comparable<UrgentTask> {
  @Override
  public void run() {
    task.run();
  }

  @Override
  public int compareTo(UrgentTask other) {
    return Long.signum(dueNanos - other.dueNanos);
  }
}
