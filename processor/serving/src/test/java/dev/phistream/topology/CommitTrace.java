package dev.phistream.topology;

import java.util.ArrayList;
import java.util.List;

/** What happens around the commits of one stream thread, in order. Thread-safe. */
final class CommitTrace {
  /** What can happen. */
  enum Kind {
    /** A task has been opened; the number of entries that its store was restored to. */
    OPENED,
    /** {@code process} has taken the record at an offset. */
    TAKEN,
    /** A punctuator runs. */
    PUNCTUATED,
    /** An entry leaves the store's cache; its number. */
    WRITTEN,
    /** A deletion leaves the store's cache; the entry's number. */
    DELETED,
    /** The producer has been handed a record. */
    SENT,
    /** The broker has acknowledged one. */
    ARRIVED,
    /** Offsets are about to be committed; the next one to read. */
    COMMITTING,
    /** They have been. */
    COMMITTED,
    /** They have not been. */
    COMMIT_FAILED,
    /** The store has been told of a commit. */
    TOLD
  }

  /**
   * One thing that happened.
   *
   * @param number as its kind says, else 0
   * @param thread where
   */
  record Step(Kind kind, long number, String thread) {}

  private final List<Step> steps = new ArrayList<>();

  void add(Kind kind) {
    add(kind, 0);
  }

  synchronized void add(Kind kind, long number) {
    steps.add(new Step(kind, number, Thread.currentThread().getName()));
  }

  synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  synchronized long count(Kind kind) {
    return steps.stream().filter(step -> step.kind() == kind).count();
  }
}
