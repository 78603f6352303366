package dev.phistream.training;

import dev.phistream.model.FoldedWeights;
import dev.phistream.model.Graph;
import dev.phistream.model.Layer;
import dev.phistream.model.ModelCard;
import dev.phistream.model.NetworkCut;
import dev.phistream.model.Noise;
import dev.phistream.model.Stage;
import dev.phistream.model.Tensor;
import dev.phistream.model.TrainingGraph;
import dev.phistream.model.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The layers of a network that learn, as MXNet runs them.
 *
 * @param graph for training
 * @param cut what is below stays as it is
 * @param parameters names of what gradients change, in the graph's order
 * @param statistics names of what batch normalisation follows by itself
 * @param leadingZeros parameters whose first row and column stay zero
 * @param card of the model that comes out
 */
record Trainable(
    Graph graph,
    NetworkCut cut,
    List<String> parameters,
    List<String> statistics,
    Set<String> leadingZeros,
    ModelCard card) {

  /** Layers above a cut with frozen statistics: batch normalisation is folded away. */
  static Trainable folded(NetworkCut cut, Weights weights, ModelCard card, Noise noise) {
    return new Trainable(
        TrainingGraph.folded(cut, weights, card.conventions(), card.preprocessing(), noise),
        cut,
        List.copyOf(FoldedWeights.shapes(cut, card.conventions().padding()).keySet()),
        List.of(),
        Set.copyOf(FoldedWeights.leadingZeros(cut, card.conventions().padding())),
        card);
  }

  /** A whole network whose batch normalisation follows its batches, as one from scratch needs. */
  static Trainable live(Weights weights, ModelCard card, Noise noise) {
    NetworkCut cut = new NetworkCut(card.network(), 0);
    Set<String> names = card.network().tensors().keySet();
    return new Trainable(
        TrainingGraph.of(card.network(), weights, card.conventions(), card.preprocessing(), noise),
        cut,
        names.stream().filter(name -> !name.contains(".running_")).toList(),
        names.stream().filter(name -> name.contains(".running_")).toList(),
        Set.of(),
        card);
  }

  /** The tensors of the learnt layers by the network's names. */
  Map<String, Tensor> tensors(Map<String, Tensor> learnt) {
    return statistics.isEmpty() ? FoldedWeights.unfold(cut, learnt, card.conventions()) : learnt;
  }

  /**
   * How many stages below the classifier each parameter's layer is; the deeper, the more slowly it
   * should learn.
   */
  Map<String, Integer> depths() {
    List<Stage> stages = cut.network().stages();
    Map<String, Integer> layers = new LinkedHashMap<>();
    for (int i = 0; i < stages.size(); i++) {
      int depth = stages.size() - 1 - i;
      for (Layer layer : stages.get(i).layers()) {
        layers.put(layer.name(), depth);
        if (layer.kind() instanceof Layer.Convolution convolution && convolution.norm() != null) {
          layers.put(convolution.norm(), depth);
        }
      }
    }
    Map<String, Integer> depths = new LinkedHashMap<>();
    for (String parameter : parameters) {
      String layer = parameter.substring(0, parameter.lastIndexOf('.'));
      depths.put(parameter, Objects.requireNonNull(layers.get(layer), layer));
    }
    return depths;
  }
}
