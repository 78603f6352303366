package dev.phistream.topology;

/**
 * How much may be in flight: taken from the input and not answered yet. What is full takes nothing
 * more; that is the back-pressure.
 *
 * @param events most events of one partition, at least 1
 * @param bytes most bytes of all partitions of this instance together, with keys and headers, at
 *     least 1; when less than this is in flight, one more event is taken, whatever its size
 */
public record WindowSettings(int events, long bytes) {
  /** Checks the sizes. */
  public WindowSettings {
    if (events < 1) {
      throw new IllegalArgumentException("window.events: " + events + " (expected: >= 1)");
    }
    if (bytes < 1) {
      throw new IllegalArgumentException("window.bytes: " + bytes + " (expected: >= 1)");
    }
  }
}
