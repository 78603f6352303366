package dev.phistream.model;

import java.util.List;
import java.util.Optional;

/** The published EfficientNets (paper, table 8; TensorFlow's builder). */
public final class Variants {
  /**
   * A published network.
   *
   * @param id such as {@code b0}
   * @param scaling of {@link Architecture#EFFICIENT_NET}; the published coefficients are rounded
   *     and not powers of the compound scaling's bases
   * @param dropout part of the features that training leaves out
   */
  public record Variant(String id, Scaling scaling, double dropout) {
    /** The network with a classifier for {@code classes}. */
    public Network network(int classes) {
      return Architecture.EFFICIENT_NET.scaled(scaling, classes);
    }
  }

  /** All of them, smallest first. */
  public static final List<Variant> ALL =
      List.of(
          new Variant("b0", new Scaling(1.0, 1.0, 224), 0.2),
          new Variant("b1", new Scaling(1.0, 1.1, 240), 0.2),
          new Variant("b2", new Scaling(1.1, 1.2, 260), 0.3),
          new Variant("b3", new Scaling(1.2, 1.4, 300), 0.3),
          new Variant("b4", new Scaling(1.4, 1.8, 380), 0.4),
          new Variant("b5", new Scaling(1.6, 2.2, 456), 0.4),
          new Variant("b6", new Scaling(1.8, 2.6, 528), 0.5),
          new Variant("b7", new Scaling(2.0, 3.1, 600), 0.5));

  private Variants() {}

  /** The one of an id. */
  public static Optional<Variant> find(String id) {
    return ALL.stream().filter(variant -> variant.id().equals(id)).findFirst();
  }
}
