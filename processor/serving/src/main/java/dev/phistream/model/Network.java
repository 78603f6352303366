package dev.phistream.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A scaled network: every layer with its size. Tensors carry the names that timm gives them.
 *
 * @param stages its layers, from the image to the classifier
 * @param classes outputs of the classifier
 * @param resolution side of the input, in pixels
 */
public record Network(List<Stage> stages, int classes, int resolution) {
  /** Copies the list. */
  public Network {
    stages = List.copyOf(stages);
  }

  /** All layers, each after its inputs. */
  public List<Layer> layers() {
    return stages.stream().flatMap(stage -> stage.layers().stream()).toList();
  }

  /**
   * Every tensor with its shape, convolutions in O×I×H×W. Running means and variances are among
   * them; {@link #parameters()} does not count those.
   */
  public Map<String, List<Integer>> tensors() {
    Map<String, List<Integer>> tensors = new LinkedHashMap<>();
    layers().forEach(layer -> tensors.putAll(layer.tensors()));
    return tensors;
  }

  /** Trained parameters. */
  public long parameters() {
    return stages.stream().mapToLong(Stage::parameters).sum();
  }

  /** Multiply-adds of one image, what the paper calls FLOPs. */
  public long flops() {
    return stages.stream().mapToLong(Stage::flops).sum();
  }
}
