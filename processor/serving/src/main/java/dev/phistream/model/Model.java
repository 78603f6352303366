package dev.phistream.model;

import java.util.List;

/**
 * A model that has been read and checked.
 *
 * @param card what it is
 * @param labels class names, as many as the card says
 * @param weights all tensors
 */
public record Model(ModelCard card, List<String> labels, Weights weights) {
  /** Copies the labels. */
  public Model {
    labels = List.copyOf(labels);
  }
}
