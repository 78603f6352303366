package dev.phistream.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The paper's latency claim (table 4): EfficientNet-B1 against ResNet-152, one core of a Xeon
 * E5-2690, batch 1, 0.098 s against 0.554 s.
 *
 * @param engine that ran both
 * @param b1Seconds median of the rounds' mean
 * @param resnetSeconds the same
 * @param ratio how often B1 runs in the time of one ResNet-152
 */
public record PaperClaim(String engine, double b1Seconds, double resnetSeconds, double ratio) {
  /** Model that is claimed to be fast. */
  public static final String B1 = "b1";

  /** Model that it is compared with. */
  public static final String RESNET = "resnet152";

  /** Seconds of {@link #B1} in the paper. */
  public static final double PAPER_B1_SECONDS = 0.098;

  /** Seconds of {@link #RESNET} in the paper. */
  public static final double PAPER_RESNET_SECONDS = 0.554;

  /** Ratio in the paper. */
  public static final double PAPER_RATIO = 5.7;

  private static final double MILLIS = 1e3;

  /** The claim on each engine on which a report has both models. */
  public static List<PaperClaim> of(EngineReport report) {
    List<PaperClaim> claims = new ArrayList<>();
    for (EngineReport.Point b1 : report.points()) {
      EnginePoint at = b1.point();
      if (!at.model().equals(B1) || at.batch() != 1 || at.mode() != Mode.LATENCY) {
        continue;
      }
      LatencyStats resnet = report.latencies(RESNET, at.engine(), at.device(), Mode.LATENCY).get(1);
      if (resnet != null) {
        double ours = b1.latencyMillis().mean() / MILLIS;
        double its = resnet.mean() / MILLIS;
        claims.add(new PaperClaim(at.engine(), ours, its, its / ours));
      }
    }
    return claims;
  }
}
