package dev.phistream.topology;

/**
 * The in-flight window of one task: how many events may be taken from a partition and not be
 * answered yet. A full window is the back-pressure.
 *
 * @param events most events, at least 1
 * @param bytes most bytes of keys and values, at least 1; a single larger event is still let in
 *     when the window is empty
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
