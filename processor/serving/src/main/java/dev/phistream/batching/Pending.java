package dev.phistream.batching;

import java.util.concurrent.CompletableFuture;

/**
 * An item that waits for its output.
 *
 * @param place its place in the order
 * @param future is completed once, whatever happens
 * @param stuck devices that were stuck in a call with it
 */
record Pending<I, O>(
    BatchScheduler.Ticket place, I item, CompletableFuture<Batched<O>> future, int stuck) {
  /** One that has not been in any call. */
  Pending(BatchScheduler.Ticket place, I item, CompletableFuture<Batched<O>> future) {
    this(place, item, future, 0);
  }

  /** The item after one more device was stuck with it. */
  Pending<I, O> stuckAgain() {
    return new Pending<>(place, item, future, stuck + 1);
  }
}
