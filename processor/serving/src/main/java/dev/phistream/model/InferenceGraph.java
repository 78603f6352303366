package dev.phistream.model;

import dev.phistream.image.Preprocessing;

/**
 * Builds a network's inference graph: batch normalisation is folded into the convolutions before
 * it, and for pixels the normalisation {@code (x / 255 - mean) / std} comes first.
 */
public final class InferenceGraph {
  private final Weights weights;
  private final WeightConventions conventions;

  private InferenceGraph(Weights weights, WeightConventions conventions) {
    this.weights = weights;
    this.conventions = conventions;
  }

  /** Builds that of a model. */
  public static Graph of(Model model, Op.InputType input) {
    ModelCard card = model.card();
    return of(card.network(), model.weights(), card.conventions(), card.preprocessing(), input);
  }

  /** Builds it. */
  public static Graph of(
      Network network,
      Weights weights,
      WeightConventions conventions,
      Preprocessing preprocessing,
      Op.InputType input) {
    InferenceGraph folding = new InferenceGraph(weights, conventions);
    return new NetworkGraph(network, weights, conventions.padding(), folding::convolution)
        .build(preprocessing, input, Noise.NONE);
  }

  /** Builds that of the layers below a cut, of which there is at least one. */
  public static Graph below(NetworkCut cut, Model model, Op.InputType input) {
    ModelCard card = model.card();
    InferenceGraph folding = new InferenceGraph(model.weights(), card.conventions());
    return new NetworkGraph(
            cut.network(), model.weights(), card.conventions().padding(), folding::convolution)
        .below(cut, card.preprocessing(), input);
  }

  /** Builds that of the layers above a cut, with noise. */
  static Graph above(
      NetworkCut cut,
      Weights weights,
      WeightConventions conventions,
      Preprocessing preprocessing,
      Noise noise) {
    InferenceGraph folding = new InferenceGraph(weights, conventions);
    return new NetworkGraph(cut.network(), weights, conventions.padding(), folding::convolution)
        .above(cut, preprocessing, noise);
  }

  /**
   * A convolution with the batch normalisation after it folded in: w·γ/√(σ²+ε) and β − μ·γ/√(σ²+ε).
   */
  private Graph.Node convolution(
      Graph.Builder graph, Layer layer, Layer.Convolution op, String norm, Graph.Node x) {
    String name = layer.name();
    Tensor weight = weights.get(name + ".weight");
    float[] gamma = weights.get(norm + ".weight").values();
    float[] beta = weights.get(norm + ".bias").values();
    float[] mean = weights.get(norm + ".running_mean").values();
    float[] variance = weights.get(norm + ".running_var").values();
    float[] folded = new float[weight.values().length];
    float[] bias = new float[gamma.length];
    int perOutput = folded.length / gamma.length;
    for (int out = 0; out < gamma.length; out++) {
      double scale = gamma[out] / Math.sqrt(variance[out] + conventions.bnEps());
      bias[out] = (float) (beta[out] - mean[out] * scale);
      for (int i = out * perOutput; i < (out + 1) * perOutput; i++) {
        folded[i] = (float) (weight.values()[i] * scale);
      }
    }
    Tensor kernel = new Tensor(weight.shape(), folded);
    int side = layer.in().side();
    int before = conventions.padding().before(side, op.kernel(), op.stride());
    int after = conventions.padding().after(side, op.kernel(), op.stride());
    if (after > before) {
      kernel = LeadingZeros.add(kernel);
    }
    return graph.add(
        name, new Op.Convolution(kernel, Tensor.vector(bias), op.stride(), after, op.groups()), x);
  }
}
