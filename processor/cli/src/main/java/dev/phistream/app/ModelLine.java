package dev.phistream.app;

import dev.phistream.model.ModelCard;

/** A model in one line for people. */
final class ModelLine {
  private ModelLine() {}

  /** Its id, what it is, and where it lies. */
  static String of(ModelCard card, Object place) {
    return "%s  %s, %d × %d, %d classes, %s, BN eps %s  %s"
        .formatted(
            card.id(),
            card.variant(),
            card.preprocessing().size(),
            card.preprocessing().size(),
            card.classes(),
            card.conventions().padding(),
            card.conventions().bnEps(),
            place);
  }
}
