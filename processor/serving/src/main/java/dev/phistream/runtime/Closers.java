package dev.phistream.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been opened, to be closed in reverse order: by {@link #close} at the end, or at once
 * when a step of the start fails. Not thread-safe.
 *
 * <pre>{@code
 * try (Closers opened = new Closers()) {
 *   Meters meters = opened.add(Meters.start(settings));
 *   Models models = opened.add(Models.load(settings));
 *   return new Processor(meters, models, opened.release());
 * }
 * }</pre>
 */
final class Closers implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Takes what is to be closed before everything that was added earlier, and returns it. */
  <T extends AutoCloseable> T add(T part) {
    opened.push(part);
    return part;
  }

  /** Hands everything over to a new owner: this stack is empty then, and its close does nothing. */
  Closers release() {
    Closers owner = new Closers();
    owner.opened.addAll(opened);
    opened.clear();
    return owner;
  }

  /**
   * Closes everything that is left, the last first. A part that fails to close keeps no other from
   * being closed.
   *
   * @throws IllegalStateException with the first failure as its cause and the others suppressed
   */
  @Override
  public void close() {
    IllegalStateException failure = null;
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        if (failure == null) {
          failure =
              new IllegalStateException(
                  "%s: not closed: %s".formatted(part.getClass().getSimpleName(), e), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
