package dev.phistream.app;

import dev.phistream.model.CompoundScaling;
import picocli.CommandLine.Option;

/** The bases of compound scaling. */
final class CompoundOptions {
  @Option(
      names = "--alpha",
      paramLabel = "A",
      defaultValue = "1.2",
      description = "Base of the depth (default: ${DEFAULT-VALUE}).")
  private double alpha = CompoundScaling.EFFICIENT_NET.alpha();

  @Option(
      names = "--beta",
      paramLabel = "B",
      defaultValue = "1.1",
      description = "Base of the width (default: ${DEFAULT-VALUE}).")
  private double beta = CompoundScaling.EFFICIENT_NET.beta();

  @Option(
      names = "--gamma",
      paramLabel = "G",
      defaultValue = "1.15",
      description = "Base of the resolution (default: ${DEFAULT-VALUE}).")
  private double gamma = CompoundScaling.EFFICIENT_NET.gamma();

  /**
   * The compound scaling of a network with inputs of this side.
   *
   * @throws IllegalArgumentException when a base is below 1
   */
  CompoundScaling of(int baseResolution) {
    return new CompoundScaling(alpha, beta, gamma, baseResolution);
  }
}
