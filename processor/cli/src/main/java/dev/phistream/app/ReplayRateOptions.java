package dev.phistream.app;

import dev.phistream.replay.RateLimitSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How much of the machine an instance takes. */
final class ReplayRateOptions {
  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "The most images that this instance classifies per second.")
  private @Nullable Double rate;

  @Option(
      names = "--max-share",
      paramLabel = "SHARE",
      description =
          "The largest share of the devices' time, such as 0.3; the live processor gets the rest.")
  private @Nullable Double share;

  RateLimitSettings settings(CommandSpec spec) {
    try {
      return new RateLimitSettings(rate, share);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
