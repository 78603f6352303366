package dev.phistream.repository;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.image.Interpolation;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.ResizeMode;
import dev.phistream.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the {@code config.json} beside timm's weights.
 *
 * @param architecture timm's name of the network
 * @param classes outputs of the classifier, if it says
 * @param preprocessing what images need done at the size of the training
 * @param atTestSize what images need done at the size at which the weights were tested, often a
 *     larger one
 */
public record TimmConfig(
    String architecture,
    @Nullable Integer classes,
    Preprocessing preprocessing,
    Preprocessing atTestSize) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Interpolation> INTERPOLATIONS =
      new TreeMap<>(Map.of("bicubic", Interpolation.BICUBIC, "bilinear", Interpolation.BILINEAR));
  private static final Map<String, ResizeMode> CROP_MODES =
      new TreeMap<>(Map.of("center", ResizeMode.SHORT_EDGE, "squash", ResizeMode.SQUASH));

  /**
   * Reads one.
   *
   * @param place what messages call the file
   * @throws ModelException when it is none, says too little, or asks for what is not done here:
   *     another interpolation than bicubic or bilinear, another crop than in the centre or of the
   *     squashed image, images that are not square or have other channels than red, green and blue
   */
  public static TimmConfig parse(byte[] json, String place) throws ModelException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new ModelException(
          "%s: no JSON (expected: the config.json of a timm model)".formatted(place), e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e); // bytes in memory do not fail otherwise
    }
    return new Reader(root, root.path("pretrained_cfg"), place).config();
  }

  /** The fields; older files have them at the top, newer ones in {@code pretrained_cfg}. */
  private record Reader(JsonNode root, JsonNode nested, String place) {
    TimmConfig config() throws ModelException {
      String architecture = text("architecture", null);
      JsonNode classes = field("num_classes");
      try {
        Preprocessing training =
            new Preprocessing(
                size("input_size"),
                number("crop_pct", field("crop_pct")),
                channels("mean"),
                channels("std"),
                choice("interpolation", text("interpolation", null), INTERPOLATIONS),
                choice("crop_mode", text("crop_mode", "center"), CROP_MODES));
        return new TimmConfig(
            architecture,
            classes.isInt() ? classes.intValue() : null,
            training,
            training.sized(
                has("test_input_size") ? size("test_input_size") : training.size(),
                has("test_crop_pct")
                    ? number("test_crop_pct", field("test_crop_pct"))
                    : training.cropFraction()));
      } catch (IllegalArgumentException e) {
        throw new ModelException("%s: %s".formatted(place, e.getMessage()), e);
      }
    }

    private boolean has(String name) {
      JsonNode field = field(name);
      return !field.isMissingNode() && !field.isNull();
    }

    private JsonNode field(String name) {
      JsonNode field = nested.path(name);
      return field.isMissingNode() || field.isNull() ? root.path(name) : field;
    }

    private int size(String name) throws ModelException {
      JsonNode size = field(name);
      if (size.size() != 3
          || size.get(0).asInt() != 3
          || size.get(1).asInt() < 1
          || size.get(1).asInt() != size.get(2).asInt()) {
        throw wrong(name, size, "[3, size, size]");
      }
      return size.get(1).asInt();
    }

    private List<Float> channels(String name) throws ModelException {
      JsonNode list = field(name);
      if (list.size() != 3) {
        throw wrong(name, list, "three numbers");
      }
      List<Float> values = new ArrayList<>();
      for (JsonNode value : list) {
        values.add((float) number(name, value));
      }
      return values;
    }

    private double number(String name, JsonNode value) throws ModelException {
      if (!value.isNumber()) {
        throw wrong(name, value, "a number");
      }
      return value.doubleValue();
    }

    private String text(String name, @Nullable String otherwise) throws ModelException {
      JsonNode value = field(name);
      if (value.isTextual()) {
        return value.textValue();
      }
      if (otherwise != null && (value.isMissingNode() || value.isNull())) {
        return otherwise;
      }
      throw wrong(name, value, "a name");
    }

    private <T> T choice(String name, String found, Map<String, T> choices) throws ModelException {
      T choice = choices.get(found);
      if (choice == null) {
        throw new ModelException(
            "%s: %s: %s (expected: %s; nothing else is done here)"
                .formatted(place, name, found, String.join(" or ", choices.keySet())));
      }
      return choice;
    }

    private ModelException wrong(String name, JsonNode found, String expected) {
      return new ModelException(
          "%s: %s: %s (expected: %s)"
              .formatted(place, name, found.isMissingNode() ? "missing" : found, expected));
    }
  }
}
