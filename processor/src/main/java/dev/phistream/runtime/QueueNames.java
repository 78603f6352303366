package dev.phistream.runtime;

/** Names of micro-batch queues: a variant or a trial's seat, and which of its models it is for. */
final class QueueNames {
  private static final char SEPARATOR = '#';

  private QueueNames() {}

  /**
   * A name.
   *
   * @param load tells models of one seat apart
   */
  static String of(String seat, int load) {
    return seat + SEPARATOR + load;
  }

  /** The seat in a name. */
  static String seat(String queue) {
    int separator = queue.lastIndexOf(SEPARATOR);
    return separator < 0 ? queue : queue.substring(0, separator);
  }
}
