package dev.phistream.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
final class NearestName {
  private static final int ALWAYS_NEAR = 2;
  private static final int PART_OF_LENGTH = 3;

  private record Candidate(String name, int distance) {}

  private NearestName() {}

  /**
   * Returns the known name that begins or ends with a wrong one, else the one with the fewest edits
   * to it; empty if all are too far off. Letters' case, dots, dashes and underscores make no
   * difference.
   */
  static Optional<String> of(String wrong, Collection<String> known) {
    String plain = plain(wrong);
    int most = Math.max(ALWAYS_NEAR, plain.length() / PART_OF_LENGTH);
    return containing(plain, known)
        .or(
            () ->
                known.stream()
                    .map(name -> new Candidate(name, distance(plain, plain(name))))
                    .filter(candidate -> candidate.distance() <= most)
                    .min(
                        Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                    .map(Candidate::name));
  }

  /** Returns the shortest name that begins or ends with the wrong one. */
  private static Optional<String> containing(String plain, Collection<String> known) {
    return known.stream()
        .filter(
            name ->
                !plain.isEmpty()
                    && (plain(name).endsWith(" " + plain) || plain(name).startsWith(plain + " ")))
        .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", " ");
  }

  /** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + other);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[b.length()];
  }
}
