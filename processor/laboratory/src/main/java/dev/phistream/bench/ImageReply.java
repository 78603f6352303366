package dev.phistream.bench;

/**
 * What a measured process has decoded.
 *
 * @param subject library and version
 * @param images decoded
 * @param cpuNanos processor time that they took, of all threads of the process
 */
record ImageReply(String subject, long images, long cpuNanos) {
  double imagesPerSecond() {
    return images * 1e9 / cpuNanos;
  }
}
