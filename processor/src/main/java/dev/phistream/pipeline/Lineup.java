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
public final class Lineup {
  /**
   * The models of one variant.
   *
   * @param current answers
   * @param previous is ready to take its place again, or null
   */
  public record Cast(LoadedModel current, @Nullable LoadedModel previous) {}

  private final Map<String, Cast> casts;

  /** Starts with one model per variant. */
  public Lineup(Collection<LoadedModel> first) {
    casts =
        new ConcurrentHashMap<>(
            first.stream()
                .map(model -> new Cast(model, null))
                .collect(
                    Collectors.toMap(
                        cast -> cast.current().model().variant(), Function.identity())));
  }

  /**
   * The models of a variant now.
   *
   * @throws IllegalArgumentException when the variant is not served
   */
  public Cast cast(String variant) {
    Cast cast = casts.get(variant);
    if (cast == null) {
      throw new IllegalArgumentException(
          "variant: %s (expected: one of %s)".formatted(variant, casts.keySet()));
    }
    return cast;
  }

  /** Puts other models in a variant's place; events that come from now on get them. */
  public void recast(String variant, Cast cast) {
    casts.replace(variant, cast);
  }

  /** The model for an event that comes now; it must be released. */
  LoadedModel hold(String variant) {
    while (true) {
      LoadedModel model = cast(variant).current();
      if (model.hold()) { // else it was replaced in this moment
        return model;
      }
    }
  }
}
