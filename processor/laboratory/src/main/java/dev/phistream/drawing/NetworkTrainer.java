package dev.phistream.drawing;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
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
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.MxnetFormat;
import dev.phistream.model.Network;
import dev.phistream.model.Noise;
import dev.phistream.model.Tensor;
import dev.phistream.model.TrainingGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains a network with Adam: DJL's trainer on the training graph, which MXNet runs on the CPU as
 * one cached operation. As a runner it answers with the weights as they stand and batch
 * normalisation's running statistics. For one thread.
 */
final class NetworkTrainer implements NetworkRunner {
  private static final String NAME = "network";
  private static final float LABEL_SMOOTHING = 0.05f;

  /**
   * What a step found out.
   *
   * @param loss mean cross-entropy
   * @param right how many of the batch's best labels were right before the step
   */
  record Step(float loss, int right) {}

  private final Network network;
  private final Model model;
  private final Trainer trainer;
  private final Loss loss;

  private NetworkTrainer(Network network, Model model, Trainer trainer, Loss loss) {
    this.network = network;
    this.model = model;
    this.trainer = trainer;
    this.loss = loss;
  }

  /**
   * Begins; the native library must be prepared.
   *
   * @param start what to learn, with the weights to begin with
   * @param learningRate by step, from 0
   */
  static NetworkTrainer begin(Trainee start, Tracker learningRate) throws IOException {
    Model model = load(start);
    for (Pair<String, Parameter> parameter : model.getBlock().getParameters()) {
      if (parameter.getKey().startsWith("normalise.")) {
        parameter.getValue().freeze(true);
      }
    }
    Loss loss = new SoftmaxCrossEntropyLoss("cross-entropy", 1, -1, false, true);
    Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(loss)
                .optDevices(new Device[] {Device.cpu()})
                .optOptimizer(Optimizer.adam().optLearningRateTracker(learningRate).build()));
    int side = start.network().resolution();
    trainer.initialize(new Shape(1, 3, side, side));
    return new NetworkTrainer(start.network(), model, trainer, loss);
  }

  private static Model load(Trainee start) throws IOException {
    Path directory = Files.createTempDirectory("phistream-training-");
    Model model = Model.newInstance(NAME, Device.cpu(), "MXNet");
    try {
      MxnetFormat.write(
          TrainingGraph.of(
              start.network(),
              start.weights(),
              start.conventions(),
              start.preprocessing(),
              Noise.NONE),
          directory,
          NAME);
      model.load(directory, NAME);
      return model;
    } catch (MalformedModelException e) {
      model.close();
      throw new IllegalStateException("MXNet refuses its own format", e);
    } finally {
      Files.deleteIfExists(directory.resolve(NAME + "-symbol.json"));
      Files.deleteIfExists(directory.resolve(NAME + "-0000.params"));
      Files.delete(directory);
    }
  }

  /**
   * Learns from a batch.
   *
   * @param pixels N×3×side×side uint8
   * @param side any; smaller images than the network's are learnt from faster
   * @param labels N classes
   */
  Step step(byte[] pixels, int side, int[] labels) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray input = input(manager, pixels, labels.length, side);
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
      return new Step(value, Accuracy.right(rows(logits), labels));
    }
  }

  private static NDArray input(NDManager manager, byte[] pixels, int count, int side) {
    return manager.create(ByteBuffer.wrap(pixels), new Shape(count, 3, side, side), DataType.UINT8);
  }

  private float[] smoothed(int[] labels) {
    int classes = network.classes();
    float[] wanted = new float[labels.length * classes];
    Arrays.fill(wanted, LABEL_SMOOTHING / classes);
    for (int i = 0; i < labels.length; i++) {
      wanted[i * classes + labels[i]] += 1 - LABEL_SMOOTHING;
    }
    return wanted;
  }

  private List<float[]> rows(float[] logits) {
    int classes = network.classes();
    float[][] rows = new float[logits.length / classes][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
    }
    return List.of(rows);
  }

  @Override
  public List<float[]> logits(List<byte[]> images) {
    int side = network.resolution();
    byte[] pixels = new byte[images.size() * 3 * side * side];
    ByteBuffer buffer = ByteBuffer.wrap(pixels);
    images.forEach(buffer::put);
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray input = input(manager, pixels, images.size(), side);
      NDArray output = trainer.evaluate(new NDList(input)).singletonOrThrow();
      output.attach(manager);
      return rows(output.toFloatArray());
    }
  }

  /** A copy of the weights, running statistics included, by the names of the network. */
  Map<String, Tensor> tensors() {
    ParameterList parameters = model.getBlock().getParameters();
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
    model.close();
  }
}
