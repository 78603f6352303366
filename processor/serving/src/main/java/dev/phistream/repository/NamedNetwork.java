package dev.phistream.repository;

import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.Network;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.Variants;
import dev.phistream.model.Variants.Variant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network by the name under which it is served.
 *
 * @param base a published variant such as {@code b0} or {@code mobilenet_v1}, or {@code phi} and a
 *     number
 * @param architecture its block table
 * @param scaling of the block table
 */
public record NamedNetwork(String base, Architecture architecture, Scaling scaling) {
  private static final Pattern PHI = Pattern.compile("phi(-?\\d+(?:\\.\\d+)?)");

  /** Names of scaled networks as Google and Keras have them: {@code mobilenet_v1_0.25_128}. */
  private static final Pattern SCALED =
      Pattern.compile("([a-z]+[a-z0-9_]*?)_(\\d+(?:\\.\\d+)?)(?:_d(\\d+(?:\\.\\d+)?))?_(\\d{1,4})");

  /** Widths at which MobileNets and ResNets are published. */
  private static final List<Double> WIDTHS = List.of(1.0, 0.25, 0.35, 0.5, 0.75, 1.3, 1.4, 2.0);

  static NamedNetwork of(Variant variant) {
    return new NamedNetwork(variant.id(), variant.architecture(), variant.scaling());
  }

  /**
   * Reads a name.
   *
   * @throws RepositoryException when there is no network of this name
   */
  static NamedNetwork parse(String id) throws RepositoryException {
    Optional<NamedNetwork> known = find(id);
    if (known.isPresent()) {
      return known.get();
    }
    Matcher phi = PHI.matcher(id);
    if (!phi.matches()) {
      throw new RepositoryException(
          "variant: %s (expected: %s; a scaled one such as mobilenet_v1_0.25_128; or phi and a number such as phi-7)"
              .formatted(
                  id, Variants.ALL.stream().map(Variant::id).collect(Collectors.joining(", "))));
    }
    return new NamedNetwork(
        id,
        Architecture.EFFICIENT_NET,
        CompoundScaling.EFFICIENT_NET.at(Double.parseDouble(phi.group(1))));
  }

  /** A published network, or one with its width, perhaps depth, and size after its name. */
  static Optional<NamedNetwork> find(String id) {
    Optional<NamedNetwork> published = Variants.find(id).map(NamedNetwork::of);
    if (published.isPresent()) {
      return published;
    }
    Matcher scaled = SCALED.matcher(id);
    if (!scaled.matches()) {
      return Optional.empty();
    }
    double width = Double.parseDouble(scaled.group(2));
    double depth = scaled.group(3) == null ? 1 : Double.parseDouble(scaled.group(3));
    int size = Integer.parseInt(scaled.group(4));
    return width > 0 && depth > 0 && size > 0
        ? Variants.find(scaled.group(1)).map(variant -> of(variant).scaled(width, depth).at(size))
        : Optional.empty();
  }

  /** The published network that has exactly these tensors, whatever its resolution. */
  static Optional<NamedNetwork> fitting(Map<String, Tensor> tensors, int classes) {
    Map<String, List<Integer>> shapes = new HashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return Variants.ALL.stream()
        .map(NamedNetwork::of)
        .flatMap(NamedNetwork::widths)
        .filter(network -> network.network(classes).tensors().equals(shapes))
        .findFirst();
  }

  /**
   * The networks that a file of weights may hold.
   *
   * @param options name the only one, or none
   * @throws RepositoryException when there is no network of this name
   */
  public static List<NamedNetwork> candidates(ImportOptions options) throws RepositoryException {
    if (options.variant() == null) {
      return Variants.ALL.stream().map(NamedNetwork::of).flatMap(NamedNetwork::widths).toList();
    }
    NamedNetwork told = parse(options.variant());
    try {
      NamedNetwork scaled = told.scaled(options.width(), options.depth());
      return options.width() == null && options.depth() == null
          ? Stream.concat(Stream.of(scaled), scaled.widths()).distinct().toList()
          : List.of(scaled);
    } catch (IllegalArgumentException e) {
      throw new RepositoryException(String.valueOf(e.getMessage()), e);
    }
  }

  private Stream<NamedNetwork> widths() {
    return hasWidths() ? WIDTHS.stream().map(width -> scaled(width, null)) : Stream.of(this);
  }

  /** Whether it is published at several widths and sizes; an EfficientNet's are its name. */
  private boolean hasWidths() {
    return Catalogue.isMobile(this) || Catalogue.isResidual(this);
  }

  /** The same network with another width or depth; null leaves it as it is. */
  NamedNetwork scaled(@Nullable Double width, @Nullable Double depth) {
    return new NamedNetwork(
        base,
        architecture,
        new Scaling(
            width == null ? scaling.width() : width,
            depth == null ? scaling.depth() : depth,
            scaling.resolution()));
  }

  /** The same network for images of another size; its tensors do not depend on it. */
  NamedNetwork at(int size) {
    return new NamedNetwork(
        base, architecture, new Scaling(scaling.width(), scaling.depth(), size));
  }

  /**
   * The name under which it is served: a published network's is its own, at whatever size for an
   * EfficientNet; others tell their width, depth where it is scaled, and size.
   */
  public String id() {
    Optional<Variant> published = Variants.find(base);
    if (published.isEmpty() || published.get().scaling().equals(scaling)) {
      return base;
    }
    Scaling own = published.get().scaling();
    boolean sizeOnly = own.width() == scaling.width() && own.depth() == scaling.depth();
    if (sizeOnly && !hasWidths()) {
      return base;
    }
    String depth = scaling.depth() == own.depth() ? "" : "_d" + scaling.depth();
    return "%s_%s%s_%d".formatted(base, scaling.width(), depth, scaling.resolution());
  }

  /** Whether it is of this family, whose members are scaled and named once for all. */
  public boolean isEfficientNet() {
    return architecture.name().startsWith("efficientnet");
  }

  /**
   * Its layers.
   *
   * @param classes outputs of the classifier
   */
  public Network network(int classes) {
    return architecture.scaled(scaling, classes);
  }
}
