package dev.phistream.batching;

import java.util.concurrent.CompletableFuture;

/**
 * An item that waits for its output.
 *
 * @param place its place in the order
 * @param future is completed once, whatever happens
 */
record Pending<I, O>(BatchScheduler.Ticket place, I item, CompletableFuture<Batched<O>> future) {}
