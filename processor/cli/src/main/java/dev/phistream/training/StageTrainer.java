package dev.phistream.training;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.util.Pair;
import dev.phistream.model.Layer;
import dev.phistream.model.MxnetFormat;
import dev.phistream.model.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;

/**
 * Trains the upper layers of a network with AdamW (Loshchilov and Hutter, arXiv 1711.05101), each
 * parameter at a rate of its own, and follows the parameters with an exponential moving average.
 * DJL and MXNet run the layers and their gradients on the CPU. The native library must be prepared.
 * For one thread.
 */
final class StageTrainer implements AutoCloseable {
  private static final String NAME = "network";
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  /** A parameter and what the optimizer remembers of it. */
  private record Learnt(
      String name,
      NDArray weight,
      NDArray mean,
      NDArray variance,
      NDArray average,
      boolean decays) {}

  /**
   * What a step found out.
   *
   * @param loss weighted mean of the cross-entropy
   * @param logits of the batch before the step
   */
  record Step(float loss, List<float[]> logits) {}

  private final Trainable trainable;
  private final Model model;
  private final Trainer trainer;
  private final NDManager manager;
  private final List<Learnt> parameters;
  private final double averaging;
  private final double weightDecay;
  private int steps;

  private StageTrainer(
      Trainable trainable,
      Model model,
      Trainer trainer,
      List<Learnt> parameters,
      double averaging,
      double weightDecay) {
    this.trainable = trainable;
    this.model = model;
    this.trainer = trainer;
    this.manager = trainer.getManager();
    this.parameters = parameters;
    this.averaging = averaging;
    this.weightDecay = weightDecay;
  }

  /**
   * Begins.
   *
   * @param averaging part of the moving average that a step keeps, at most; 0 for none
   * @param weightDecay part of a weight that a step at rate 1 takes away; biases keep theirs
   */
  static StageTrainer begin(Trainable trainable, double averaging, double weightDecay)
      throws IOException {
    Model model = load(trainable);
    for (Pair<String, Parameter> parameter : model.getBlock().getParameters()) {
      if (parameter.getKey().startsWith("normalise.")) {
        parameter.getValue().freeze(true);
      }
    }
    Trainer trainer =
        model.newTrainer(
            new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optDevices(new Device[] {Device.cpu()}));
    trainer.initialize(shape(trainable, 1));
    List<Learnt> learnt = new ArrayList<>();
    ParameterList all = model.getBlock().getParameters();
    NDManager manager = trainer.getManager();
    for (String name : trainable.parameters()) {
      NDArray weight = Objects.requireNonNull(all.get(name), name).getArray();
      NDArray average = manager.zeros(weight.getShape());
      weight.copyTo(average);
      learnt.add(
          new Learnt(
              name,
              weight,
              manager.zeros(weight.getShape()),
              manager.zeros(weight.getShape()),
              average,
              weight.getShape().dimension() > 1));
    }
    return new StageTrainer(trainable, model, trainer, learnt, averaging, weightDecay);
  }

  private static Model load(Trainable trainable) throws IOException {
    Path directory = Files.createTempDirectory("phistream-training-");
    Model model = Model.newInstance(NAME, Device.cpu(), "MXNet");
    try {
      MxnetFormat.writeForTraining(trainable.graph(), directory, NAME);
      model.load(directory, NAME);
      return model;
    } catch (MalformedModelException e) {
      model.close();
      throw new IllegalStateException("MXNet refuses its own format", e);
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  private static Shape shape(Trainable trainable, int images) {
    Layer.Extent seam = trainable.cut().seam();
    return new Shape(images, seam.channels(), seam.side(), seam.side());
  }

  /** Sets what dropout draws from. */
  static void seed(long seed) {
    Engine.getEngine("MXNet").setRandomSeed((int) (seed ^ seed >>> 32));
  }

  /**
   * Learns from a batch.
   *
   * @param inputs what the seam holds for each image; uint8 pixels when nothing is below it
   * @param wanted N×classes: the probabilities that are wanted of each image, times its weight
   * @param rates learning rate of each parameter, in their order
   */
  Step step(Inputs inputs, float[] wanted, float[] rates) {
    int count = inputs.count();
    int classes = trainable.cut().network().classes();
    try (NDManager scope = manager.newSubManager()) {
      NDArray input = array(scope, inputs);
      NDArray targets = scope.create(wanted, new Shape(count, classes));
      float loss;
      float[] logits;
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDArray output = trainer.forward(new NDList(input)).singletonOrThrow();
        output.attach(scope);
        NDArray cost = output.logSoftmax(1).mul(targets).sum().neg();
        cost.attach(scope);
        gradients.backward(cost);
        loss = cost.getFloat();
        logits = output.toFloatArray();
      }
      update(rates);
      return new Step(loss, rows(logits, classes));
    }
  }

  private void update(float[] rates) {
    steps++;
    double correction = Math.sqrt(1 - Math.pow(BETA_2, steps)) / (1 - Math.pow(BETA_1, steps));
    // Averages over the steps so far at first, or the beginning would never be forgotten.
    float keep = (float) Math.min(averaging, steps / (steps + 9.0));
    for (int i = 0; i < parameters.size(); i++) {
      Learnt learnt = parameters.get(i);
      NDArray weight = learnt.weight();
      if (rates[i] == 0) {
        continue;
      }
      try (NDArray gradient = weight.getGradient()) {
        if (learnt.decays() && weightDecay > 0) {
          weight.muli((float) (1 - rates[i] * weightDecay));
        }
        float rate = (float) (rates[i] * correction);
        weight
            .getNDArrayInternal()
            .adamUpdate(
                new NDList(weight, gradient, learnt.mean(), learnt.variance()),
                new NDList(weight),
                rate,
                rate,
                0,
                1,
                -1,
                BETA_1,
                BETA_2,
                EPSILON,
                false,
                false);
        if (trainable.leadingZeros().contains(learnt.name())) {
          weight.set(new NDIndex(":, :, 0, :"), 0);
          weight.set(new NDIndex(":, :, :, 0"), 0);
        }
      }
      if (averaging > 0) {
        learnt.average().muli(keep);
        try (NDArray share = weight.mul(1 - keep)) {
          learnt.average().addi(share);
        }
      }
    }
  }

  /** What the network says of images now: with the averaged parameters where there are any. */
  List<float[]> logits(Inputs inputs) {
    int classes = trainable.cut().network().classes();
    try (NDManager scope = manager.newSubManager()) {
      NDArray output = trainer.evaluate(new NDList(array(scope, inputs))).singletonOrThrow();
      output.attach(scope);
      return rows(output.toFloatArray(), classes);
    }
  }

  /** Runs something with the averaged parameters in place of the present ones. */
  <T> T averaged(Supplier<T> work) {
    if (averaging == 0) {
      return work.get();
    }
    swap();
    try {
      return work.get();
    } finally {
      swap();
    }
  }

  private void swap() {
    for (Learnt learnt : parameters) {
      try (NDArray kept = learnt.weight().duplicate()) {
        learnt.average().copyTo(learnt.weight());
        kept.copyTo(learnt.average());
      }
    }
  }

  private NDArray array(NDManager scope, Inputs inputs) {
    Shape shape = shape(trainable, inputs.count());
    return inputs.pixels() != null
        ? scope.create(ByteBuffer.wrap(inputs.pixels()), shape, DataType.UINT8)
        : scope.create(FloatBuffer.wrap(Objects.requireNonNull(inputs.maps())), shape);
  }

  private static List<float[]> rows(float[] logits, int classes) {
    float[][] rows = new float[logits.length / classes][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
    }
    return List.of(rows);
  }

  /** Depth of each parameter below the classifier, in their order. */
  int[] depths() {
    return trainable.depths().values().stream().mapToInt(i -> i).toArray();
  }

  /** The learnt layers by the network's names, with the averaged parameters. */
  Map<String, Tensor> tensors() {
    return averaged(() -> trainable.tensors(parameters(Learnt::weight)));
  }

  private Map<String, Tensor> parameters(Function<Learnt, NDArray> part) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.forEach(learnt -> tensors.put(learnt.name(), tensor(part.apply(learnt))));
    ParameterList all = model.getBlock().getParameters();
    trainable
        .statistics()
        .forEach(
            name ->
                tensors.put(name, tensor(Objects.requireNonNull(all.get(name), name).getArray())));
    return tensors;
  }

  private static Tensor tensor(NDArray array) {
    List<Integer> shape =
        Arrays.stream(array.getShape().getShape()).mapToObj(Math::toIntExact).toList();
    return new Tensor(shape, array.toFloatArray());
  }

  /** All that the next step depends on, by names of its own. */
  Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("steps", Tensor.vector(steps));
    parameters(Learnt::weight).forEach((name, tensor) -> state.put("weight/" + name, tensor));
    parameters.forEach(
        learnt -> {
          state.put("mean/" + learnt.name(), tensor(learnt.mean()));
          state.put("variance/" + learnt.name(), tensor(learnt.variance()));
          state.put("average/" + learnt.name(), tensor(learnt.average()));
        });
    return state;
  }

  /** Goes on from where a trainer of the same layers was. */
  void restore(Map<String, Tensor> state) {
    steps = (int) value(state, "steps").values()[0];
    for (Learnt learnt : parameters) {
      learnt.weight().set(value(state, "weight/" + learnt.name()).values());
      learnt.mean().set(value(state, "mean/" + learnt.name()).values());
      learnt.variance().set(value(state, "variance/" + learnt.name()).values());
      learnt.average().set(value(state, "average/" + learnt.name()).values());
    }
    ParameterList all = model.getBlock().getParameters();
    for (String name : trainable.statistics()) {
      Objects.requireNonNull(all.get(name), name)
          .getArray()
          .set(value(state, "weight/" + name).values());
    }
  }

  private static Tensor value(Map<String, Tensor> state, String name) {
    Tensor tensor = state.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(name + ": not in the checkpoint (expected: all of a run)");
    }
    return tensor;
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
