package dev.phistream.app;

import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compares a model with the one whose alias it shall get, as processors that serve the alias do: a
 * model that they refuse would be served by those that start later.
 *
 * @param current the alias's model
 * @param next the model that shall get it
 */
record Successor(ModelDirectory current, ModelDirectory next) {
  /**
   * Checks.
   *
   * @param allowLabelChange whether other classes or another input are wanted
   * @throws CommandException when the variant is another, which the tiers name; or the classes or
   *     the input are, and that is not wanted
   */
  void check(boolean allowLabelChange) throws CommandException, ModelException {
    ModelCard before = current.card();
    ModelCard after = next.card();
    if (!before.variant().equals(after.variant())) {
      throw new CommandException(
          "model %s: of variant %s (expected: %s, the variant of %s; give another variant an alias of its own)"
              .formatted(after.id(), after.variant(), before.variant(), before.id()));
    }
    if (allowLabelChange) {
      return;
    }
    List<String> was = current.labels();
    List<String> becomes = next.labels();
    if (!was.equals(becomes)) {
      throw new CommandException(
          "model %s: its classes are not those of %s%s (expected: the same names in the same order, or --allow-label-change)"
              .formatted(after.id(), before.id(), difference(was, becomes)));
    }
    if (before.preprocessing().size() != after.preprocessing().size()) {
      throw new CommandException(
          "model %s: images of %d × %d pixels (expected: %d × %d as for %s, or --allow-label-change)"
              .formatted(
                  after.id(),
                  after.preprocessing().size(),
                  after.preprocessing().size(),
                  before.preprocessing().size(),
                  before.preprocessing().size(),
                  before.id()));
    }
  }

  private static String difference(List<String> was, List<String> becomes) {
    if (was.size() != becomes.size()) {
      return ": %d, not %d".formatted(becomes.size(), was.size());
    }
    int at =
        IntStream.range(0, was.size())
            .filter(i -> !was.get(i).equals(becomes.get(i)))
            .findFirst()
            .orElseThrow();
    return ": class %d is %s, not %s".formatted(at, becomes.get(at), was.get(at));
  }
}
