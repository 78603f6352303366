package dev.phistream.weights;

import static java.util.Objects.requireNonNull;

import dev.phistream.model.ModelException;
import dev.phistream.model.Tensor;
import dev.phistream.repository.NamedNetwork;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives tensors that another program named the names and the layout that they have here. */
final class Converter {
  private static final List<String> NORM_TENSORS =
      List.of("weight", "bias", "running_mean", "running_var");
  private static final Map<String, String> KERAS_NORM_TENSORS =
      Map.of(
          "weight", "gamma",
          "bias", "beta",
          "running_mean", "moving_mean",
          "running_var", "moving_variance");

  /** What other programs keep beside weights. */
  private static final String IGNORED = ".*\\.num_batches_tracked|normalization[_\\d]*\\..*";

  /**
   * Tensors by their names here.
   *
   * @param naming whose names they had
   * @param network the network that they are of
   */
  record Converted(Naming naming, NamedNetwork network, Map<String, Tensor> tensors) {}

  private final Map<String, Tensor> found;
  private final String place;

  /**
   * Converts from {@code found}.
   *
   * @param place what messages call the file
   */
  Converter(Map<String, Tensor> found, String place) {
    this.found = new LinkedHashMap<>(found);
    this.found.keySet().removeIf(name -> name.matches(IGNORED));
    this.place = place;
  }

  /**
   * Looks for the network and the naming that the tensors fit.
   *
   * @return empty if no naming of another program begins as these do
   * @throws ModelException when one does, but no candidate has exactly these tensors
   */
  Optional<Converted> convert(List<NamedNetwork> candidates) throws ModelException {
    @Nullable ModelException nearest = null;
    int mostFitting = -1;
    for (Naming naming : Naming.values()) {
      for (NamedNetwork candidate : candidates) {
        List<Part> parts = Part.of(candidate.network(1));
        if (parts.isEmpty() || !begins(naming, parts.get(0))) {
          continue;
        }
        Attempt attempt = new Attempt(naming, candidate, parts);
        try {
          return Optional.of(new Converted(naming, candidate, attempt.run()));
        } catch (ModelException e) {
          if (attempt.fitting > mostFitting) {
            mostFitting = attempt.fitting;
            nearest = e;
          }
        }
      }
    }
    if (nearest != null) {
      throw nearest;
    }
    return Optional.empty();
  }

  private boolean begins(Naming naming, Part stem) {
    return found.containsKey(naming.convolution(stem) + (naming.isKeras() ? ".kernel" : ".weight"));
  }

  /** One naming and one network. */
  private final class Attempt {
    private final Naming naming;
    private final NamedNetwork candidate;
    private final List<Part> parts;
    private final Map<String, Tensor> converted = new HashMap<>();
    private int fitting;

    Attempt(Naming naming, NamedNetwork candidate, List<Part> parts) {
      this.naming = naming;
      this.candidate = candidate;
      this.parts = parts;
    }

    Map<String, Tensor> run() throws ModelException {
      Map<String, String> foreign = new LinkedHashMap<>();
      for (Part part : parts) {
        name(part, foreign);
      }
      Part classifier = parts.get(parts.size() - 1);
      String bias = foreign.get(classifier.name() + ".bias");
      Tensor classes = found.get(bias);
      if (classes == null || classes.values().length < 1) {
        throw missing(bias, "a value for each class");
      }
      Map<String, List<Integer>> shapes = candidate.network(classes.values().length).tensors();
      for (Map.Entry<String, List<Integer>> shape : shapes.entrySet()) {
        String name = foreign.get(shape.getKey());
        Tensor tensor = name == null ? null : found.get(name);
        if (name == null || tensor == null) {
          throw missing(
              name == null ? shape.getKey() : name,
              "for " + shape.getKey() + " of shape " + shape.getValue());
        }
        converted.put(shape.getKey(), arranged(name, tensor, shape.getValue()));
        fitting++;
      }
      for (Map.Entry<String, Tensor> other : found.entrySet()) {
        String name = other.getKey();
        if (!foreign.containsValue(name)) {
          throw new ModelException(
              "%s: tensor %s of shape %s belongs to another network than %s's %s (expected: none of this name)"
                  .formatted(
                      place, name, other.getValue().shape(), naming.label(), candidate.id()));
        }
      }
      Map<String, Tensor> ordered = new LinkedHashMap<>();
      shapes.keySet().forEach(name -> ordered.put(name, requireNonNull(converted.get(name))));
      return ordered;
    }

    private void name(Part part, Map<String, String> foreign) {
      String convolution = naming.convolution(part);
      String kernel =
          part.role() == Part.Role.DEPTHWISE && found.containsKey(convolution + ".depthwise_kernel")
              ? ".depthwise_kernel"
              : ".kernel";
      foreign.put(part.name() + ".weight", convolution + (naming.isKeras() ? kernel : ".weight"));
      if (part.norm() == null) {
        foreign.put(part.name() + ".bias", convolution + ".bias");
        return;
      }
      for (String tensor : NORM_TENSORS) {
        String theirs = naming.isKeras() ? KERAS_NORM_TENSORS.getOrDefault(tensor, tensor) : tensor;
        foreign.put(part.norm() + "." + tensor, naming.norm(part) + "." + theirs);
      }
    }

    /** Reorders Keras' dimensions: H×W×I×O, H×W×C×1 and I×O. */
    private Tensor arranged(String name, Tensor tensor, List<Integer> shape) throws ModelException {
      List<Integer> has = tensor.shape();
      if (!naming.isKeras() || has.size() < 2) {
        return fitting(name, tensor, has, shape, tensor);
      }
      if (has.size() == 2) {
        return fitting(
            name, tensor, List.of(has.get(1), has.get(0)), shape, Axes.move(tensor, 1, 0));
      }
      if (has.size() != 4) {
        throw wrong(name, has, shape);
      }
      if (name.endsWith("depthwise_kernel") || (shape.get(1) == 1 && has.get(3) == 1)) {
        return fitting(
            name,
            tensor,
            List.of(has.get(2), has.get(3), has.get(0), has.get(1)),
            shape,
            Axes.move(tensor, 2, 3, 0, 1));
      }
      Tensor moved = Axes.move(tensor, 3, 2, 0, 1);
      return fitting(name, tensor, moved.shape(), shape, moved);
    }

    private Tensor fitting(
        String name, Tensor theirs, List<Integer> has, List<Integer> shape, Tensor arranged)
        throws ModelException {
      if (has.equals(shape)) {
        return arranged;
      }
      // A classifier may be a 1×1 convolution, and squeeze-excite linear layers.
      if (Axes.withoutOnes(has).equals(Axes.withoutOnes(shape))) {
        return new Tensor(shape, arranged.values());
      }
      throw wrong(name, theirs.shape(), shape);
    }

    private ModelException wrong(String name, List<Integer> has, List<Integer> shape) {
      return new ModelException(
          "%s: tensor %s has shape %s (expected: %s in the order of %s, as in %s)"
              .formatted(
                  place, name, has, shape, "outputs, inputs, rows, columns", candidate.id()));
    }

    private ModelException missing(@Nullable String name, String what) {
      return new ModelException(
          "%s: tensor %s is missing (expected: %s, as in %s's %s)"
              .formatted(place, name, what, naming.label(), candidate.id()));
    }
  }
}
