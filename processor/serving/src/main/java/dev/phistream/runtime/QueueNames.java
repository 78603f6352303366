package dev.phistream.runtime;

/** Names of micro-batch queues: a variant or a trial's slot, and which of its models it is for. */
final class QueueNames {
  private static final char SEPARATOR = '#';

  private QueueNames() {}

  /**
   * A name.
   *
   * @param load tells models of one slot apart
   */
  static String of(String slot, int load) {
    return slot + SEPARATOR + load;
  }

  /** The slot in a name. */
  static String slot(String queue) {
    int separator = queue.lastIndexOf(SEPARATOR);
    return separator < 0 ? queue : queue.substring(0, separator);
  }
}
