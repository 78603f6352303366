package dev.phistream.repository;

import dev.phistream.model.Padding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of weights; null is for "take it from config.json, the catalogue or the name".
 *
 * @param variant {@code b0} to {@code b7}, or {@code phi} and a number
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
    @Nullable Padding padding,
    @Nullable Double bnEps,
    @Nullable List<String> labels,
    @Nullable TimmConfig config,
    @Nullable Integer size,
    @Nullable Double crop,
    @Nullable List<Float> mean,
    @Nullable List<Float> std) {
  /** What comes with published weights, and perhaps a variant and labels. */
  static ImportOptions of(
      TimmConfig config, @Nullable String variant, @Nullable List<String> labels) {
    return new ImportOptions(variant, null, null, labels, config, null, null, null, null);
  }
}
