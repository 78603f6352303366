package dev.phistream.repository;

import dev.phistream.image.Interpolation;
import dev.phistream.image.ResizeMode;
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
 * @param interpolation filter of the resize
 * @param resizeMode which edges are resized
 * @param atTestSize whether size and crop are those of the test, where config.json or the catalogue
 *     names both, and not those of the training
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
    @Nullable List<Float> std,
    @Nullable Interpolation interpolation,
    @Nullable ResizeMode resizeMode,
    boolean atTestSize) {
  /** Nothing is said. */
  public static final ImportOptions NONE =
      new ImportOptions(null, null, null, null, null, null, null, null, null, null, null);

  /** All but the resize, at the size of the training. */
  public ImportOptions(
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
    this(
        variant, width, depth, padding, bnEps, labels, config, size, crop, mean, std, null, null,
        false);
  }

  /** What comes with published weights, and what the user says of them. */
  static ImportOptions of(TimmConfig config, ModelPull.PullOptions options) {
    return new ImportOptions(
        options.variant(),
        null,
        null,
        null,
        null,
        options.labels(),
        config,
        null,
        null,
        null,
        null,
        null,
        null,
        options.atTestSize());
  }
}
