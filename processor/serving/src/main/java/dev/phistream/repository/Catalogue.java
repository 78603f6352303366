package dev.phistream.repository;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.Padding;
import dev.phistream.model.Variants;
import dev.phistream.model.Variants.Variant;
import dev.phistream.model.WeightConventions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The published weight sets of EfficientNet B0 to B7 (timm's, Apache-2.0), and what the name of any
 * other set tells.
 */
public final class Catalogue {
  /** What weights ported from TensorFlow were trained with; timm calls them {@code tf_…}. */
  public static final WeightConventions TENSORFLOW = new WeightConventions(Padding.SAME, 1e-3);

  /** What weights trained in PyTorch were trained with. */
  public static final WeightConventions PYTORCH = new WeightConventions(Padding.SYMMETRIC, 1e-5);

  private static final Pattern NAME = Pattern.compile("(tf_)?efficientnet_(b[0-7])(?:[._-].*)?");

  /** timm's {@code mobilenetv1_100} and {@code mobilenetv2_050}: the width in hundredths. */
  private static final Pattern TIMM_MOBILE =
      Pattern.compile("mobilenetv([12])_(\\d{3})(?:[._-].*)?");

  private static final Pattern RESNET = Pattern.compile("(resnet(?:50|152))(?:[._-].*)?");

  /** Google's {@code mobilenet_v1_0.25_128}, with anything after it. */
  private static final Pattern GOOGLE_MOBILE =
      Pattern.compile("(mobilenet_v[12]_\\d\\.\\d+_\\d{2,3})(?:[._-].*)?");

  private static final double USUAL_CROP = 0.875;
  private static final List<Float> HALF = List.of(0.5f, 0.5f, 0.5f);

  /** B0 to B7. */
  static final List<Variant> VARIANTS =
      Variants.ALL.stream().filter(variant -> variant.id().matches("b[0-7]")).toList();

  /** Crop fractions, B0 to B7. */
  private static final double[] CROPS = {.875, .882, .890, .904, .922, .934, .942, .949};

  /** Top-1 accuracies, B0 to B7, as timm measured them. */
  private static final double[] AA = {76.88, 78.84, 80.07, 81.65, 83.04, 83.70, 84.12, 84.42};

  private static final double[] AP = {77.10, 79.29, 80.30, 81.84, 83.25, 84.26, 84.79, 85.13};
  private static final double[] NS = {78.68, 81.39, 82.41, 84.05, 85.16, 86.10, 86.48, 86.85};

  /** All of them. */
  public static final List<WeightSet> ALL = all();

  private Catalogue() {}

  /** The one of an id. */
  public static Optional<WeightSet> find(String id) {
    return ALL.stream().filter(set -> set.id().equals(id)).findFirst();
  }

  /** Images as the TensorFlow weights of a variant want them. */
  static Preprocessing preprocessing(Variant variant) {
    return Preprocessing.imagenet(variant.scaling().resolution(), CROPS[VARIANTS.indexOf(variant)]);
  }

  /**
   * Images as weights of a network usually want them: Google's MobileNets take values from −1 to 1,
   * all others ImageNet's mean and deviation.
   */
  static Preprocessing usual(NamedNetwork network, WeightConventions conventions) {
    int size = network.scaling().resolution();
    if (isMobile(network) && conventions.padding() == Padding.SAME) {
      return new Preprocessing(size, USUAL_CROP, HALF, HALF);
    }
    return VARIANTS.stream()
        .filter(variant -> variant.id().equals(network.base()))
        .findFirst()
        .map(Catalogue::preprocessing)
        .orElseGet(() -> Preprocessing.imagenet(size, USUAL_CROP));
  }

  /** What weights of a network were trained with if nothing tells: ResNets are PyTorch's. */
  static WeightConventions usualConventions(NamedNetwork network) {
    return isResidual(network) ? PYTORCH : TENSORFLOW;
  }

  static boolean isResidual(NamedNetwork network) {
    return network.architecture().naming() == Architecture.Naming.RESNET;
  }

  static boolean isMobile(NamedNetwork network) {
    return network.architecture().equals(Architecture.MOBILENET_V1)
        || network.architecture().equals(Architecture.MOBILENET_V2);
  }

  /** The network in a name such as {@code tf_efficientnet_b0.my_data}. */
  static Optional<NamedNetwork> networkOf(String name) {
    Matcher efficient = NAME.matcher(name);
    if (efficient.matches()) {
      return Variants.find(efficient.group(2)).map(NamedNetwork::of);
    }
    Matcher mobile = TIMM_MOBILE.matcher(name);
    if (mobile.matches()) {
      double width = Integer.parseInt(mobile.group(2)) / 100.0;
      return width > 0
          ? NamedNetwork.find("mobilenet_v" + mobile.group(1))
              .map(network -> network.scaled(width, null))
          : Optional.empty();
    }
    Matcher google = GOOGLE_MOBILE.matcher(name);
    if (google.matches()) {
      return NamedNetwork.find(google.group(1));
    }
    Matcher resnet = RESNET.matcher(name);
    return resnet.matches() ? NamedNetwork.find(resnet.group(1)) : Optional.empty();
  }

  /** The conventions that names imply: timm's {@code tf_…} and others, Google's MobileNets. */
  static Optional<WeightConventions> conventionsOf(String name) {
    if (name.startsWith("tf_") || GOOGLE_MOBILE.matcher(name).matches()) {
      return Optional.of(TENSORFLOW);
    }
    return name.startsWith("efficientnet_")
            || TIMM_MOBILE.matcher(name).matches()
            || RESNET.matcher(name).matches()
        ? Optional.of(PYTORCH)
        : Optional.empty();
  }

  private static List<WeightSet> all() {
    List<WeightSet> all = new ArrayList<>();
    for (int i = 0; i < VARIANTS.size(); i++) {
      Variant variant = VARIANTS.get(i);
      Preprocessing images = preprocessing(variant);
      Preprocessing adversarial =
          new Preprocessing(images.size(), images.cropFraction(), HALF, HALF);
      String name = "tf_efficientnet_" + variant.id();
      all.add(new WeightSet(name + ".aa_in1k", variant, images, TENSORFLOW, AA[i]));
      all.add(new WeightSet(name + ".ap_in1k", variant, adversarial, TENSORFLOW, AP[i]));
      all.add(new WeightSet(name + ".ns_jft_in1k", variant, images, TENSORFLOW, NS[i]));
    }
    // Sizes as timm's default configurations give them; smaller than the variants' own.
    all.add(pytorch("b0", "ra_in1k", 224));
    all.add(pytorch("b1", "ft_in1k", 224));
    all.add(pytorch("b2", "ra_in1k", 256));
    all.add(pytorch("b3", "ra2_in1k", 288));
    all.add(pytorch("b4", "ra2_in1k", 320));
    return List.copyOf(all);
  }

  private static WeightSet pytorch(String variant, String tag, int size) {
    @Nullable Double unknown = null;
    return new WeightSet(
        "efficientnet_%s.%s".formatted(variant, tag),
        Variants.find(variant).orElseThrow(),
        Preprocessing.imagenet(size, 0.875),
        PYTORCH,
        unknown);
  }
}
