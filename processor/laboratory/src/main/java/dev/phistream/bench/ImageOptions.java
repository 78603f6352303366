package dev.phistream.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the image benchmark measures, and how.
 *
 * @param photographs JPEG files; drawn ones if there are none
 * @param seconds that each subject decodes files of a kind in each round
 * @param rounds that count, after one that does not
 * @param python an interpreter that has Pillow; those of the system are tried if it is empty
 */
public record ImageOptions(
    List<byte[]> photographs, double seconds, int rounds, Optional<Path> python) {
  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a figure is out of range, named as the option is
   */
  public ImageOptions {
    if (!(seconds > 0 && seconds <= 60)) {
      throw new IllegalArgumentException(
          "seconds-per-point: " + seconds + " (expected: > 0 and <= 60)");
    }
    if (rounds < 1 || rounds > 100) {
      throw new IllegalArgumentException("rounds: " + rounds + " (expected: 1 to 100)");
    }
    photographs = List.copyOf(photographs);
  }
}
