package dev.phistream.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue of published networks. */
public final class Variants {
  private static final int RESOLUTION = 224;

  /**
   * A published network.
   *
   * @param id such as {@code b0}
   * @param architecture its block table
   * @param scaling of the table; EfficientNet's published coefficients are rounded and not powers
   *     of the compound scaling's bases
   * @param dropout part of the features that training leaves out
   * @param published what papers say of it
   */
  public record Variant(
      String id, Architecture architecture, Scaling scaling, double dropout, Published published) {
    /** The network with a classifier for {@code classes}. */
    public Network network(int classes) {
      return architecture.scaled(scaling, classes);
    }
  }

  /**
   * Published figures, with 1000 classes.
   *
   * @param parameters as exactly as they are published
   * @param flops multiply-adds of one image, rounded as they are published
   * @param topOne accuracy on ImageNet's validation images, in per cent, or null if not known here
   */
  public record Published(long parameters, double flops, @Nullable Double topOne) {}

  /** All of them: EfficientNets (table 8 and 2 of the paper), then the others. */
  public static final List<Variant> ALL =
      List.of(
          efficientNet("b0", 1.0, 1.0, 224, 0.2, new Published(5_288_548, 0.39e9, 77.1)),
          efficientNet("b1", 1.0, 1.1, 240, 0.2, new Published(7_794_184, 0.70e9, 79.1)),
          efficientNet("b2", 1.1, 1.2, 260, 0.3, new Published(9_109_994, 1.0e9, 80.1)),
          efficientNet("b3", 1.2, 1.4, 300, 0.3, new Published(12_233_232, 1.8e9, 81.6)),
          efficientNet("b4", 1.4, 1.8, 380, 0.4, new Published(19_341_616, 4.2e9, 82.9)),
          efficientNet("b5", 1.6, 2.2, 456, 0.4, new Published(30_389_784, 9.9e9, 83.6)),
          efficientNet("b6", 1.8, 2.6, 528, 0.5, new Published(43_040_704, 19e9, 84.0)),
          efficientNet("b7", 2.0, 3.1, 600, 0.5, new Published(66_347_960, 37e9, 84.3)),
          // Dropout of the MobileNets as in TensorFlow's slim; ResNets have none.
          base(Architecture.MOBILENET_V1, 0.001, new Published(4_200_000, 569e6, 70.6)),
          base(Architecture.MOBILENET_V2, 0.2, new Published(3_500_000, 300e6, 72.0)),
          base(Architecture.RESNET_50, 0, new Published(25_560_000, 4.1e9, 76.0)),
          base(Architecture.RESNET_152, 0, new Published(60_190_000, 11.5e9, null)));

  private Variants() {}

  /** The one of an id. */
  public static Optional<Variant> find(String id) {
    return ALL.stream().filter(variant -> variant.id().equals(id)).findFirst();
  }

  private static Variant efficientNet(
      String id, double width, double depth, int resolution, double dropout, Published published) {
    return new Variant(
        id, Architecture.EFFICIENT_NET, new Scaling(width, depth, resolution), dropout, published);
  }

  private static Variant base(Architecture architecture, double dropout, Published published) {
    return new Variant(
        architecture.name(), architecture, new Scaling(1, 1, RESOLUTION), dropout, published);
  }
}
