package dev.phistream.repository;

import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.Network;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.Variants.Variant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network by the name under which it is served.
 *
 * @param id {@code b0} to {@code b7}, or {@code phi} and a number
 * @param scaling of EfficientNet's block table
 */
record NamedNetwork(String id, Scaling scaling) {
  private static final Pattern PHI = Pattern.compile("phi(-?\\d+(?:\\.\\d+)?)");

  static NamedNetwork of(Variant variant) {
    return new NamedNetwork(variant.id(), variant.scaling());
  }

  static NamedNetwork parse(String id) throws RepositoryException {
    Optional<Variant> variant =
        Catalogue.VARIANTS.stream().filter(known -> known.id().equals(id)).findFirst();
    if (variant.isPresent()) {
      return of(variant.get());
    }
    Matcher phi = PHI.matcher(id);
    if (!phi.matches()) {
      throw new RepositoryException(
          "variant: %s (expected: b0 to b7, or phi and a number such as phi-7)".formatted(id));
    }
    return new NamedNetwork(id, CompoundScaling.EFFICIENT_NET.at(Double.parseDouble(phi.group(1))));
  }

  /** The published network that has exactly these tensors, whatever its resolution. */
  static Optional<NamedNetwork> fitting(Map<String, Tensor> tensors, int classes) {
    return Catalogue.VARIANTS.stream()
        .filter(variant -> fits(variant.network(classes).tensors(), tensors))
        .findFirst()
        .map(NamedNetwork::of);
  }

  /** The same network for images of another size; its tensors do not depend on it. */
  NamedNetwork at(int size) {
    return new NamedNetwork(id, new Scaling(scaling.width(), scaling.depth(), size));
  }

  Network network(int classes) {
    return Architecture.EFFICIENT_NET.scaled(scaling, classes);
  }

  private static boolean fits(Map<String, List<Integer>> shapes, Map<String, Tensor> tensors) {
    Map<String, List<Integer>> found = new HashMap<>();
    tensors.forEach((name, tensor) -> found.put(name, tensor.shape()));
    return found.equals(shapes);
  }
}
