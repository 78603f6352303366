package dev.phistream.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Op;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the cards of the bundled models say, measured anew. */
class BundledModelsTest {
  static final List<String> BUNDLED = ModelLocator.BUNDLED;

  private static final int FRESH_IMAGES = 400;
  private static final int MOST_BYTES = 3_000_000;

  /** The normal distribution's 99.95 % quantile: both sides together leave out 0.1 %. */
  private static final double SIGMAS = 3.29;

  /**
   * The card's figure and the one measured here are shares of two independent samples. If the card
   * is right, their difference has the variance p·(1 − p)·(1/n + 1/m) of a difference of two
   * binomial shares; it exceeds 3.29 standard deviations once in a thousand seeds. The seed is
   * fixed, so that this test says the same each time.
   */
  @ParameterizedTest
  @FieldSource("BUNDLED")
  void accuracy_on_fresh_images_is_that_of_the_card(String id) throws Exception {
    Model model = model(id);
    int cardImages = ((Number) fact(model.card(), "heldOutImages")).intValue();
    double cardAccuracy = ((Number) fact(model.card(), "heldOutAccuracy")).doubleValue();
    long freshSeed = 7_000_000L + model.card().network().resolution();

    Accuracy fresh;
    try (NetworkRunner runner =
        MxnetEngine.start(1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      fresh = Accuracy.measure(runner, model.card().preprocessing(), freshSeed, FRESH_IMAGES);
    }

    double together = (cardAccuracy * cardImages + fresh.right()) / (cardImages + FRESH_IMAGES);
    double margin =
        SIGMAS * Math.sqrt(together * (1 - together) * (1.0 / cardImages + 1.0 / FRESH_IMAGES));
    assertThat(Math.abs(fresh.share() - cardAccuracy))
        .as("%s: card %.4f, fresh %.4f", id, cardAccuracy, fresh.share())
        .isLessThanOrEqualTo(margin);
  }

  @ParameterizedTest
  @FieldSource("BUNDLED")
  void the_card_states_size_and_work_of_its_network(String id) throws Exception {
    ModelCard card = model(id).card();

    assertThat(((Number) fact(card, "parameters")).longValue())
        .isEqualTo(card.network().parameters());
    assertThat(((Number) fact(card, "flops")).longValue()).isEqualTo(card.network().flops());
    assertThat(((Number) fact(card, "weightsBytes")).longValue()).isLessThan(MOST_BYTES);
    assertThat(model(id).labels()).isEqualTo(Subject.labels());
  }

  @Test
  void larger_models_work_more_and_know_better() throws Exception {
    double lastAccuracy = 0;
    long lastFlops = 0;
    for (String id : BUNDLED) {
      ModelCard card = model(id).card();
      double accuracy = ((Number) fact(card, "heldOutAccuracy")).doubleValue();

      assertThat(accuracy).as(id).isGreaterThan(lastAccuracy);
      assertThat(card.network().flops()).as(id).isGreaterThan(lastFlops);

      lastAccuracy = accuracy;
      lastFlops = card.network().flops();
    }
  }

  private static Model model(String id) throws Exception {
    return new ModelLocator(Optional.empty()).find(id).load();
  }

  private static Object fact(ModelCard card, String name) {
    Map<String, Object> facts = Objects.requireNonNull(card.facts(), "facts");
    return Objects.requireNonNull(facts.get(name), name);
  }
}
