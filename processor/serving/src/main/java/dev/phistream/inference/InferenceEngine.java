package dev.phistream.inference;

import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import java.util.List;

/** Runs networks. Thread-safe. */
public interface InferenceEngine {
  /** Name for configuration and results, such as {@code mxnet}. */
  String name();

  /** What it can compute on here: the GPUs, if any, and last the CPU. */
  List<ComputeDevice> devices();

  /**
   * What keeps it from using GPUs here, each with its remedy; empty when nothing does. May ask the
   * GPU driver.
   */
  List<String> gpuObstacles();

  /**
   * Brings a model into the engine's memory, once for each device of a list; what all of them need
   * is made once.
   *
   * @param input what the network will be fed with
   * @param devices of {@link #devices()}; one that stands there again gets a further runner
   * @return a runner per entry of {@code devices}, in its order
   * @throws ModelException when the engine cannot run the model; then none is left in memory
   */
  List<NetworkRunner> load(Model model, Op.InputType input, List<ComputeDevice> devices)
      throws ModelException;

  /** The same for one device. */
  default NetworkRunner load(Model model, Op.InputType input, ComputeDevice device)
      throws ModelException {
    return load(model, input, List.of(device)).get(0);
  }
}
