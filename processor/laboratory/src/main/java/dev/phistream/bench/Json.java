package dev.phistream.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Reports as text. */
final class Json {
  /** Later versions may say more. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}

  static String line(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(value.getClass() + " is no JSON", e);
    }
  }

  /** Turns a value into a part of another. */
  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  static <T> T value(JsonNode tree, Class<T> type) throws JsonProcessingException {
    return MAPPER.treeToValue(tree, type);
  }

  static String pretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(value.getClass() + " is no JSON", e);
    }
  }

  static <T> T read(String text, Class<T> type) throws JsonProcessingException {
    T value = MAPPER.readValue(text, type);
    if (value == null) {
      throw new IllegalArgumentException("null (expected: a %s)".formatted(type.getSimpleName()));
    }
    return value;
  }

  /**
   * Reads a report from a file.
   *
   * @param schema that it must have
   * @param schemaOf tells its schema
   * @param command that writes such reports
   * @throws BenchException naming the file and what is wrong with it
   */
  static <T> T read(
      Path file, Class<T> type, String schema, Function<T, String> schemaOf, String command)
      throws BenchException {
    try {
      T report = read(Files.readString(file), type);
      if (!schema.equals(schemaOf.apply(report))) {
        throw new BenchException(
            "%s: schema %s (expected: %s, as %s writes it)"
                .formatted(file, schemaOf.apply(report), schema, command));
      }
      return report;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new BenchException(
          "%s: is no report of %s: %s".formatted(file, command, e.getMessage()), e);
    } catch (IOException e) {
      throw new BenchException("%s: is not readable: %s".formatted(file, e), e);
    }
  }
}
