package dev.phistream.routing;

/**
 * How busy a tier was when an event arrived.
 *
 * @param queueDepth events that were taken before and not answered
 * @param degraded events that got a smaller variant than the wanted one since the start, this one
 *     included
 * @param rejected events that became dead letters since the start
 */
public record Load(int queueDepth, long degraded, long rejected) {
  /** That of a tier that has had no events. */
  public static final Load NONE = new Load(0, 0, 0);
}
