package dev.phistream.repository;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.WeightConventions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file of another program tells of its weights, beside the tensors. What the user says
 * overrules it.
 *
 * @param program that the weights come from, for the card; null for weights as timm names them
 * @param conventions what they were trained with, if that is known of the program's weights
 * @param preprocessing what images need done, if that is known
 * @param notes what was done to the weights, a line each
 */
public record WeightHints(
    @Nullable String program,
    @Nullable WeightConventions conventions,
    @Nullable Preprocessing preprocessing,
    List<String> notes) {
  /** Nothing is known. */
  public static final WeightHints NONE = new WeightHints(null, null, null, List.of());

  /** Copies the list. */
  public WeightHints {
    notes = List.copyOf(notes);
  }
}
