package dev.phistream.batching;

import java.util.concurrent.CompletableFuture;

/**
 * An item that waits for its output.
 *
 * @param future is completed once, whatever happens
 */
record Pending<I, O>(I item, CompletableFuture<Batched<O>> future) {}
