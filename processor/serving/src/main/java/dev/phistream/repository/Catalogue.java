package dev.phistream.repository;

import dev.phistream.image.Interpolation;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.ResizeMode;
import dev.phistream.model.Architecture;
import dev.phistream.model.Padding;
import dev.phistream.model.Variants;
import dev.phistream.model.WeightConventions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * The published weight sets of the EfficientNets (timm's, Apache-2.0), and what the name of any
 * other set tells. Sizes, crops and accuracies are those of timm's default configurations and its
 * {@code results/results-imagenet.csv}.
 */
public final class Catalogue {
  /** What weights ported from TensorFlow were trained with; timm calls them {@code tf_…}. */
  public static final WeightConventions TENSORFLOW = new WeightConventions(Padding.SAME, 1e-3);

  /** What weights trained in PyTorch were trained with. */
  public static final WeightConventions PYTORCH = new WeightConventions(Padding.SYMMETRIC, 1e-5);

  private static final String SETS = "/catalogue/weight-sets.csv";

  private static final Pattern NAME =
      Pattern.compile(
          "(?:tf_)?(efficientnet[_-]?(?:v2)?[_-](?:b\\d|l2|lite\\d|e[sml]|[sml]))(?:[._-].*)?");

  /** timm's {@code mobilenetv1_100} and {@code mobilenetv2_050}: the width in hundredths. */
  private static final Pattern TIMM_MOBILE =
      Pattern.compile("mobilenetv([12])_(\\d{3})(?:[._-].*)?");

  private static final Pattern RESNET = Pattern.compile("(resnet(?:50|152))(?:[._-].*)?");

  /** Google's {@code mobilenet_v1_0.25_128}, with anything after it. */
  private static final Pattern GOOGLE_MOBILE =
      Pattern.compile("(mobilenet_v[12]_\\d\\.\\d+_\\d{2,3})(?:[._-].*)?");

  private static final double USUAL_CROP = 0.875;
  private static final List<Float> HALF = List.of(0.5f, 0.5f, 0.5f);

  /** All of them. */
  public static final List<WeightSet> ALL = all();

  private Catalogue() {}

  /** The one of an id. */
  public static Optional<WeightSet> find(String id) {
    return ALL.stream().filter(set -> set.id().equals(id)).findFirst();
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
    return ALL.stream()
        .filter(set -> set.variant().id().equals(network.base()))
        .filter(set -> set.conventions().equals(TENSORFLOW) && !set.id().contains(".ap_"))
        .findFirst()
        .map(WeightSet::atTestSize)
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
      return Variants.find(efficient.group(1)).map(NamedNetwork::of);
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
    try (InputStream in = Catalogue.class.getResourceAsStream(SETS)) {
      if (in == null) {
        throw new IllegalStateException(SETS + " is not in the jar");
      }
      return CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .get()
          .parse(new InputStreamReader(in, StandardCharsets.UTF_8))
          .stream()
          .map(Catalogue::set)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WeightSet set(CSVRecord row) {
    String id = row.get("id");
    Preprocessing images =
        Preprocessing.imagenet(
                Integer.parseInt(row.get("size")), Double.parseDouble(row.get("crop")))
            .resized(
                row.get("interpolation").equals("bilinear")
                    ? Interpolation.BILINEAR
                    : Interpolation.BICUBIC,
                row.get("crop_mode").equals("squash") ? ResizeMode.SQUASH : ResizeMode.SHORT_EDGE);
    if (row.get("normalisation").equals("half")) {
      images = images.normalised(HALF, HALF);
    }
    return new WeightSet(
        id,
        Variants.find(row.get("variant")).orElseThrow(),
        images,
        images.sized(
            Integer.parseInt(row.get("test_size")), Double.parseDouble(row.get("test_crop"))),
        id.startsWith("tf_") ? TENSORFLOW : PYTORCH,
        Integer.parseInt(row.get("classes")),
        number(row.get("top1")),
        number(row.get("test_top1")));
  }

  private static @Nullable Double number(String cell) {
    return cell.isEmpty() ? null : Double.valueOf(cell);
  }
}
