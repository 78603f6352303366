package dev.phistream.routing;

import java.util.List;

/** An event asks for a variant that this processor does not serve. */
public final class UnknownVariantException extends Exception {
  UnknownVariantException(String variant, List<String> served) {
    super(
        "variant: %s (expected: one of %s); serve it by adding its model to 'models'"
            .formatted(variant, String.join(", ", served)));
  }
}
