package dev.phistream.routing;

import dev.phistream.text.EventText;
import java.util.List;

/** An event asks for a variant that this processor does not serve. */
public final class UnknownVariantException extends Exception {
  UnknownVariantException(String variant, List<String> served) {
    super(
        "variant: %s (expected: one of %s); serve it by adding its model to 'models'"
            .formatted(EventText.excerpt(variant, 128), String.join(", ", served)));
  }
}
