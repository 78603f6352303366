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
   * Brings a model into the engine's memory.
   *
   * @param input what the network will be fed with
   * @param device one of {@link #devices()}
   * @throws ModelException when the engine cannot run the model
   */
  NetworkRunner load(Model model, Op.InputType input, ComputeDevice device) throws ModelException;
}
