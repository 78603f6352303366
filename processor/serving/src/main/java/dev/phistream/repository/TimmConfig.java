package dev.phistream.repository;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.image.Preprocessing;
import dev.phistream.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the {@code config.json} beside timm's weights.
 *
 * @param architecture timm's name of the network
 * @param classes outputs of the classifier, if it says
 * @param preprocessing what images need done
 */
public record TimmConfig(
    String architecture, @Nullable Integer classes, Preprocessing preprocessing) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads one.
   *
   * @param place what messages call the file
   * @throws ModelException when it is none, says too little, or asks for what is not done here:
   *     another interpolation than bicubic, another crop than in the centre, images that are not
   *     square or have other channels than red, green and blue
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
      expect("interpolation", text("interpolation", null), "bicubic");
      expect("crop_mode", text("crop_mode", "center"), "center");
      JsonNode classes = field("num_classes");
      try {
        return new TimmConfig(
            architecture,
            classes.isInt() ? classes.intValue() : null,
            new Preprocessing(
                size(), number("crop_pct", field("crop_pct")), channels("mean"), channels("std")));
      } catch (IllegalArgumentException e) {
        throw new ModelException("%s: %s".formatted(place, e.getMessage()), e);
      }
    }

    private JsonNode field(String name) {
      JsonNode field = nested.path(name);
      return field.isMissingNode() || field.isNull() ? root.path(name) : field;
    }

    private int size() throws ModelException {
      JsonNode size = field("input_size");
      if (size.size() != 3
          || size.get(0).asInt() != 3
          || size.get(1).asInt() < 1
          || size.get(1).asInt() != size.get(2).asInt()) {
        throw wrong("input_size", size, "[3, size, size]");
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

    private void expect(String name, String found, String expected) throws ModelException {
      if (!found.equals(expected)) {
        throw new ModelException(
            "%s: %s: %s (expected: %s; nothing else is done here)"
                .formatted(place, name, found, expected));
      }
    }

    private ModelException wrong(String name, JsonNode found, String expected) {
      return new ModelException(
          "%s: %s: %s (expected: %s)"
              .formatted(place, name, found.isMissingNode() ? "missing" : found, expected));
    }
  }
}
