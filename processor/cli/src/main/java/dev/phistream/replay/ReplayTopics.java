package dev.phistream.replay;

/** Names of the topics of a replay. */
final class ReplayTopics {
  private ReplayTopics() {}

  /** Beside the labels: their topic's name without what is filled in, and {@code .dead-letters}. */
  static String deadLetters(String labels) {
    String base =
        labels
            .replace("{tier}", "")
            .replace("{variant}", "")
            .replaceAll("[.]{2,}", ".")
            .replaceAll("^[._-]+|[._-]+$", "");
    return (base.isEmpty() ? "replay" : base) + ".dead-letters";
  }
}
