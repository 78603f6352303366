package dev.phistream.bench;

import java.util.List;

/**
 * Files to decode over and over, for a measuring process.
 *
 * @param files their paths
 * @param seconds how long, at least once each
 */
record ImageJob(List<String> files, double seconds) {
  ImageJob {
    files = List.copyOf(files);
  }
}
