package dev.phistream.repository;

import dev.phistream.model.Padding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of weights; null is for "take it from config.json, the catalogue or the name".
 *
 * @param variant a published network such as {@code b0} or {@code mobilenet_v1}, or {@code phi} and
 *     a number
 * @param width multiplies its channels
 * @param depth multiplies its repeats
 * @param padding of the convolutions
 * @param bnEps added to variances by batch normalisation
 * @param labels names of the classes
 * @param config the weights' config.json
 * @param size side of the input, in pixels
 * @param crop part of the resized short edge that the crop keeps
 * @param mean per channel, in units of 0 to 1
 * @param std per channel, in units of 0 to 1
 */
public record ImportOptions(
    @Nullable String variant,
    @Nullable Double width,
    @Nullable Double depth,
    @Nullable Padding padding,
    @Nullable Double bnEps,
    @Nullable List<String> labels,
    @Nullable TimmConfig config,
    @Nullable Integer size,
    @Nullable Double crop,
    @Nullable List<Float> mean,
    @Nullable List<Float> std) {
  /** Nothing is said. */
  public static final ImportOptions NONE =
      new ImportOptions(null, null, null, null, null, null, null, null, null, null, null);

  /** What comes with published weights, and perhaps a variant and labels. */
  static ImportOptions of(
      TimmConfig config, @Nullable String variant, @Nullable List<String> labels) {
    return new ImportOptions(
        variant, null, null, null, null, labels, config, null, null, null, null);
  }
}
