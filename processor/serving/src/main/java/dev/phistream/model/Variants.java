package dev.phistream.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The catalogue of published networks. */
public final class Variants {
  private static final int RESOLUTION = 224;

  /** Version 2 or none, and the size. */
  private static final Pattern OTHER_NAME =
      Pattern.compile("(?i)(?:tf_)?efficientnet[-_]?(v2[-_]?)?([a-z]+\\d?)");

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
          efficientNet("b8", 2.2, 3.6, 672, 0.5, new Published(87_413_142, 63e9, 85.5)),
          efficientNet("l2", 4.3, 5.3, 800, 0.5, new Published(480_309_308, 479e9, 88.4)),
          lite("lite0", 1.0, 1.0, 224, 0.2, new Published(4_652_008, 0.407e9, 75.1)),
          lite("lite1", 1.0, 1.1, 240, 0.2, new Published(5_416_680, 0.631e9, 76.7)),
          lite("lite2", 1.1, 1.2, 260, 0.3, new Published(6_092_072, 0.899e9, 77.6)),
          lite("lite3", 1.2, 1.4, 280, 0.3, new Published(8_197_096, 1.44e9, 79.8)),
          lite("lite4", 1.4, 1.8, 300, 0.3, new Published(13_006_568, 2.64e9, 81.5)),
          v2("v2-b0", 1.0, 1.0, 224, 0.2, new Published(7_139_704, 0.72e9, 78.7)),
          v2("v2-b1", 1.0, 1.1, 240, 0.2, new Published(8_141_052, 1.2e9, 79.8)),
          v2("v2-b2", 1.1, 1.2, 260, 0.3, new Published(10_096_086, 1.7e9, 80.5)),
          v2("v2-b3", 1.2, 1.4, 300, 0.3, new Published(14_358_406, 3.0e9, 82.1)),
          v2(
              "v2-s",
              Architecture.EFFICIENT_NET_V2_S,
              384,
              0.2,
              new Published(21_458_488, 8.4e9, 83.9)),
          v2(
              "v2-m",
              Architecture.EFFICIENT_NET_V2_M,
              480,
              0.3,
              new Published(54_139_356, 24.7e9, 85.2)),
          v2(
              "v2-l",
              Architecture.EFFICIENT_NET_V2_L,
              480,
              0.4,
              new Published(118_515_272, 56.3e9, 85.7)),
          edge("es", 1.0, 1.0, 224, new Published(5_438_392, 1.81e9, 77.23)),
          edge("em", 1.0, 1.1, 240, new Published(6_899_496, 3.04e9, 78.69)),
          edge("el", 1.2, 1.4, 300, new Published(10_589_712, 8.0e9, 80.62)),
          // Dropout of the MobileNets as in TensorFlow's slim; ResNets have none.
          base(Architecture.MOBILENET_V1, 0.001, new Published(4_200_000, 569e6, 70.6)),
          base(Architecture.MOBILENET_V2, 0.2, new Published(3_500_000, 300e6, 72.0)),
          base(Architecture.RESNET_50, 0, new Published(25_560_000, 4.1e9, 76.0)),
          base(Architecture.RESNET_152, 0, new Published(60_190_000, 11.5e9, null)));

  private Variants() {}

  /**
   * The one of an id, or of the name that timm, torchvision, Keras or TensorFlow give it, such as
   * {@code tf_efficientnetv2_s}, {@code efficientnet_lite0} or {@code EfficientNetV2B0}.
   */
  public static Optional<Variant> find(String name) {
    String id = id(name);
    return ALL.stream()
        .filter(variant -> variant.id().equals(name) || variant.id().equals(id))
        .findFirst();
  }

  private static String id(String name) {
    Matcher matcher = OTHER_NAME.matcher(name);
    if (!matcher.matches()) {
      return name;
    }
    String size = matcher.group(2).toLowerCase(Locale.ROOT);
    return matcher.group(1) == null ? size : "v2-" + size;
  }

  private static Variant efficientNet(
      String id, double width, double depth, int resolution, double dropout, Published published) {
    return new Variant(
        id, Architecture.EFFICIENT_NET, new Scaling(width, depth, resolution), dropout, published);
  }

  private static Variant lite(
      String id, double width, double depth, int resolution, double dropout, Published published) {
    Scaling scaling = new Scaling(width, depth, resolution);
    return new Variant(id, Architecture.EFFICIENT_NET_LITE, scaling, dropout, published);
  }

  private static Variant edge(
      String id, double width, double depth, int resolution, Published published) {
    Scaling scaling = new Scaling(width, depth, resolution);
    return new Variant(id, Architecture.EFFICIENT_NET_EDGE, scaling, 0.2, published);
  }

  private static Variant v2(
      String id, double width, double depth, int resolution, double dropout, Published published) {
    Scaling scaling = new Scaling(width, depth, resolution);
    return new Variant(id, Architecture.EFFICIENT_NET_V2, scaling, dropout, published);
  }

  private static Variant v2(
      String id, Architecture architecture, int resolution, double dropout, Published published) {
    return new Variant(id, architecture, new Scaling(1, 1, resolution), dropout, published);
  }

  private static Variant base(Architecture architecture, double dropout, Published published) {
    return new Variant(
        architecture.name(), architecture, new Scaling(1, 1, RESOLUTION), dropout, published);
  }
}
