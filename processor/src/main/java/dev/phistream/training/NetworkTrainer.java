package dev.phistream.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;
import dev.phistream.image.Preprocessing;
import dev.phistream.model.ModelException;
import dev.phistream.model.Network;
import dev.phistream.model.Tensor;
import dev.phistream.model.TrainingGraph;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Trains a network with Adam: DJL's trainer on the training graph, which MXNet runs as one cached
 * operation. For one thread.
 */
final class NetworkTrainer implements AutoCloseable {
  private static final double DROPOUT = 0;
  private static final float LABEL_SMOOTHING = 0.05f;

  /** What a step found out. */
  record Step(float loss, int right) {}

  private final Network network;
  private final SymbolicNetwork symbolic;
  private final Trainer trainer;
  private final Loss loss;

  private NetworkTrainer(Network network, SymbolicNetwork symbolic, Trainer trainer, Loss loss) {
    this.network = network;
    this.symbolic = symbolic;
    this.trainer = trainer;
    this.loss = loss;
  }

  /** Begins with given weights. */
  static NetworkTrainer begin(
      Network network,
      Map<String, Tensor> initial,
      WeightConventions conventions,
      Preprocessing preprocessing,
      Tracker learningRate,
      int batchSize)
      throws IOException, ModelException {
    Weights weights = Weights.of(network, initial, "initial weights");
    SymbolicNetwork symbolic =
        SymbolicNetwork.load(
            TrainingGraph.of(network, weights, conventions, preprocessing, DROPOUT),
            network.resolution());
    for (Pair<String, Parameter> parameter : symbolic.model().getBlock().getParameters()) {
      if (parameter.getKey().startsWith("normalise.")) {
        parameter.getValue().freeze(true);
      }
    }
    Loss loss = new SoftmaxCrossEntropyLoss("cross-entropy", 1, -1, false, true);
    Trainer trainer =
        symbolic
            .model()
            .newTrainer(
                new DefaultTrainingConfig(loss)
                    .optDevices(new Device[] {Device.cpu()})
                    .optOptimizer(Optimizer.adam().optLearningRateTracker(learningRate).build()));
    trainer.initialize(new Shape(batchSize, 3, network.resolution(), network.resolution()));
    return new NetworkTrainer(network, symbolic, trainer, loss);
  }

  /**
   * Learns from a batch.
   *
   * @param pixels N×3×side×side uint8
   * @param side any; smaller pictures than the network's are learnt from faster
   * @param labels N classes
   */
  Step step(byte[] pixels, int side, int[] labels) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray input = SymbolicNetwork.input(manager, pixels, side);
      NDArray wanted =
          manager.create(smoothed(labels), new Shape(labels.length, network.classes()));
      float[] logits;
      float value;
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDArray output = trainer.forward(new NDList(input)).singletonOrThrow();
        output.attach(manager);
        NDArray mean = loss.evaluate(new NDList(wanted), new NDList(output));
        mean.attach(manager);
        gradients.backward(mean);
        value = mean.getFloat();
        logits = output.toFloatArray();
      }
      trainer.step();
      return new Step(value, Accuracy.right(logits, labels));
    }
  }

  private float[] smoothed(int[] labels) {
    int classes = network.classes();
    float[] wanted = new float[labels.length * classes];
    java.util.Arrays.fill(wanted, LABEL_SMOOTHING / classes);
    for (int i = 0; i < labels.length; i++) {
      wanted[i * classes + labels[i]] += 1 - LABEL_SMOOTHING;
    }
    return wanted;
  }

  /** The network as it stands, with running statistics instead of the batch's. */
  float[] logits(byte[] pixels) {
    return symbolic.logits(pixels);
  }

  /** A copy of the weights, running statistics included, by the names of the network. */
  Map<String, Tensor> tensors() {
    ParameterList parameters = symbolic.model().getBlock().getParameters();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    network
        .tensors()
        .forEach(
            (name, shape) ->
                tensors.put(
                    name, new Tensor(shape, parameters.get(name).getArray().toFloatArray())));
    return tensors;
  }

  @Override
  public void close() {
    trainer.close();
    symbolic.close();
  }
}
