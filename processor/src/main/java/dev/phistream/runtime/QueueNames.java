package dev.phistream.runtime;

/** Names of micro-batch queues: a variant and which of its models it is for. */
final class QueueNames {
  private static final char SEPARATOR = '#';

  private QueueNames() {}

  /**
   * A name.
   *
   * @param load tells models of one variant apart
   */
  static String of(String variant, int load) {
    return variant + SEPARATOR + load;
  }

  /** The variant in a name. */
  static String variant(String queue) {
    int separator = queue.lastIndexOf(SEPARATOR);
    return separator < 0 ? queue : queue.substring(0, separator);
  }
}
