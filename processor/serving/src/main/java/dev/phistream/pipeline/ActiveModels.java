package dev.phistream.pipeline;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which model answers for each variant, and which did so before it; models of trials stand beside
 * them, under the names of their seats. An event keeps the model that it got when it came, so that
 * a change never tears a micro-batch apart. Thread-safe.
 */
public final class ActiveModels {
  /**
   * The models of one variant.
   *
   * @param current answers
   * @param previous is ready to take its place again, or null
   */
  public record ModelPair(LoadedModel current, @Nullable LoadedModel previous) {}

  private final Map<String, ModelPair> casts;

  /** Starts with one model per variant. */
  public ActiveModels(Collection<LoadedModel> first) {
    casts =
        new ConcurrentHashMap<>(
            first.stream()
                .map(model -> new ModelPair(model, null))
                .collect(
                    Collectors.toMap(
                        pair -> pair.current().model().variant(), Function.identity())));
  }

  /**
   * The models of a variant now.
   *
   * @throws IllegalArgumentException when the variant is not served
   */
  public ModelPair pair(String variant) {
    ModelPair pair = casts.get(variant);
    if (pair == null) {
      throw new IllegalArgumentException(
          "variant: %s (expected: one of %s)".formatted(variant, casts.keySet()));
    }
    return pair;
  }

  /** Puts other models in a variant's place; events that come from now on get them. */
  public void swap(String variant, ModelPair pair) {
    casts.replace(variant, pair);
  }

  /** The model for an event that comes now; it must be released. */
  LoadedModel hold(String variant) {
    while (true) {
      LoadedModel model = pair(variant).current();
      if (model.hold()) { // else it was replaced in this moment
        return model;
      }
    }
  }
}
