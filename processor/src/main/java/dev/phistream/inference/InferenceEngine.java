package dev.phistream.inference;

import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;

/** Runs networks. Thread-safe. */
public interface InferenceEngine {
  /** Name for configuration and results, such as {@code mxnet}. */
  String name();

  /**
   * Brings a model into the engine's memory.
   *
   * @param input what the network will be fed with
   * @throws ModelException when the engine cannot run the model
   */
  NetworkRunner load(Model model, Op.InputType input) throws ModelException;
}
