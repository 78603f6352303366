package dev.phistream.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the image benchmark measured.
 *
 * @param schema {@link #SCHEMA}
 * @param measuredAt when it was done, ISO 8601
 * @param machine where
 * @param seconds that each point was measured in each round
 * @param rounds that count
 * @param kinds the files
 * @param subjects that were measured, by name, with libraries and versions
 * @param points the figures
 * @param notMeasured subjects and kinds that were left out, with the reason
 */
public record ImageReport(
    String schema,
    String measuredAt,
    MachineFacts machine,
    double seconds,
    int rounds,
    List<KindFacts> kinds,
    Map<ImageSubject, String> subjects,
    List<Point> points,
    List<String> notMeasured) {
  /** Names the form; another number means that older readers cannot understand it. */
  public static final String SCHEMA = "phistream/bench-images/1";

  /** Copies the collections. */
  public ImageReport {
    kinds = List.copyOf(kinds);
    subjects = Map.copyOf(subjects);
    points = List.copyOf(points);
    notMeasured = List.copyOf(notMeasured);
  }

  /**
   * Files of a kind.
   *
   * @param files how many
   * @param meanBytes their mean size
   */
  public record KindFacts(ImageKind kind, int files, long meanBytes) {}

  /**
   * A subject's figures for a kind of files.
   *
   * @param imagesPerSecond per second of processor time: decoded, resized and cropped
   * @param timeToPillow its processor time ÷ Pillow's, of each round; null without Pillow
   */
  public record Point(
      ImageKind kind,
      ImageSubject subject,
      Spread imagesPerSecond,
      @Nullable Spread timeToPillow) {}

  /** As JSON text. */
  public String toJson() {
    return Json.pretty(this);
  }
}
