package dev.phistream.routing;

/**
 * Why a smaller variant than the wanted one was taken.
 *
 * @param cause what kind of reason
 * @param text the same for people, with its values
 */
public record Degraded(Cause cause, String text) {
  /** Kinds of reasons. */
  public enum Cause {
    /** No variant fits the event's latency budget. */
    BUDGET,
    /** The tier would not keep its objective with the wanted variant. */
    BROWNOUT,
    /** A router in another process has said so. */
    ROUTER
  }
}
