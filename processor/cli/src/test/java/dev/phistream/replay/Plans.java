package dev.phistream.replay;

import java.util.List;
import java.util.Map;

/** Plans for tests. */
final class Plans {
  private Plans() {}

  static ReplayPlan of(PartitionRange... ranges) {
    return new ReplayPlan(
        "october",
        1,
        "2026-11-01T00:00:00Z",
        "images",
        "earliest",
        "latest",
        null,
        null,
        null,
        List.of(ranges),
        null,
        List.of("b0=b0@00"),
        "labels.backfill",
        "labels.backfill.dead-letters",
        Selection.ALL,
        Map.of());
  }
}
