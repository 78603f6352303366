package dev.phistream.pipeline;

/**
 * A task that knows when its answer is wanted.
 *
 * @param deadlineNanos on the pipeline's clock; compares by difference only
 * @param task what to do
 * @param onDrop what to do instead if the pool closes first
 */
record UrgentTask(long deadlineNanos, Runnable task, Runnable onDrop)
    implements Runnable, Comparable<UrgentTask> {
  @Override
  public void run() {
    task.run();
  }

  @Override
  public int compareTo(UrgentTask other) {
    return Long.signum(deadlineNanos - other.deadlineNanos);
  }
}
