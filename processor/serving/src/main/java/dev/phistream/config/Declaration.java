package dev.phistream.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is declared of one setting.
 *
 * @param name its name; keys of maps stand in it as a word in capitals, such as {@code VARIANT}
 * @param component the record component that holds it
 * @param setting its annotation
 * @param byDefault its default; empty for none
 */
record Declaration(String name, RecordComponent component, Setting setting, String byDefault) {
  /** Returns whether it may have no value. */
  boolean isOptional() {
    Class<?> type = component.getType();
    return type == Optional.class || type == OptionalInt.class;
  }

  /** Returns whether its value is a list. */
  boolean isList() {
    return isList(valueType());
  }

  /** Returns the Java type of one value: without Optional, list and map. */
  Class<?> elementType() {
    Type type = valueType();
    return isList(type)
        ? (Class<?>) ((ParameterizedType) type).getActualTypeArguments()[0]
        : (Class<?>) type;
  }

  private static boolean isList(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == List.class;
  }

  private Type valueType() {
    Class<?> raw = component.getType();
    if (raw == OptionalInt.class) {
      return int.class;
    }
    if (component.getGenericType() instanceof ParameterizedType generic && raw != List.class) {
      Type[] arguments = generic.getActualTypeArguments();
      return arguments[arguments.length - 1];
    }
    return component.getGenericType();
  }

  private Values.Kind kind() {
    return Values.Kind.of(elementType());
  }

  /**
   * Reads a value, as the component's type has it.
   *
   * @throws IllegalArgumentException when it is not what {@link #expected} says
   */
  Object read(String text) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      if (!isOptional()) {
        throw new IllegalArgumentException("empty");
      }
      return component.getType() == OptionalInt.class ? OptionalInt.empty() : Optional.empty();
    }
    Object value = isList() ? readList(stripped) : readOne(stripped);
    if (!isList() && !matches(stripped)) {
      throw new IllegalArgumentException(text);
    }
    if (component.getType() == OptionalInt.class) {
      return OptionalInt.of((Integer) value);
    }
    return isOptional() ? Optional.of(value) : value;
  }

  private List<?> readList(String text) {
    List<String> elements = Values.elements(text);
    if (elements.isEmpty()
        || new HashSet<>(elements).size() < elements.size()
        || !matches(String.join(",", elements))) {
      throw new IllegalArgumentException(text);
    }
    return elements.stream().map(this::readOne).toList();
  }

  private boolean matches(String text) {
    return setting.pattern().isEmpty() || Pattern.matches(setting.pattern(), text);
  }

  private Object readOne(String text) {
    Object value = kind().read(text, elementType());
    if (setting.words().length > 0
        && !List.of(setting.words())
            .contains(value instanceof Enum<?> word ? Values.word(word) : value)) {
      throw new IllegalArgumentException(text);
    }
    if (compare(value, setting.min()) < 0
        || (!setting.above().isEmpty() && compare(value, setting.above()) <= 0)
        || (!setting.max().isEmpty() && compare(value, setting.max()) > 0)) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  /** Returns 0 without a limit. */
  @SuppressWarnings("unchecked") // a limit is read as the value is
  private int compare(Object value, String limit) {
    return limit.isEmpty()
        ? 0
        : ((Comparable<Object>) value).compareTo(kind().read(limit, elementType()));
  }

  /** Returns what a value must be, in words. */
  String expected() {
    String words = words();
    String form =
        !words.isEmpty()
            ? "one of " + words
            : setting.form().isEmpty() ? kind().form() : setting.form();
    String range = range();
    return form
        + (range.isEmpty() ? "" : ", " + range)
        + (isList() && setting.form().isEmpty() ? ", several with commas between" : "")
        + (isList() ? ", each once" : "")
        + (isOptional() ? ", or empty" : "");
  }

  /** Returns the allowed values in short; empty where the kind says all. */
  String allowed() {
    String words = words();
    return words.isEmpty() ? range() : words;
  }

  private String words() {
    if (setting.words().length > 0) {
      return String.join(", ", setting.words());
    }
    return elementType().isEnum()
        ? Arrays.stream(Objects.requireNonNull(elementType().getEnumConstants()))
            .map(Values::word)
            .collect(Collectors.joining(", "))
        : "";
  }

  private String range() {
    if (!setting.above().isEmpty()) {
      return "above %s, at most %s".formatted(setting.above(), setting.max());
    }
    return setting.min().isEmpty() ? "" : "%s to %s".formatted(setting.min(), setting.max());
  }

  /** Returns a value as a user would write it; empty for none. */
  static String written(@Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      return written(optional.orElse(null));
    }
    if (value instanceof OptionalInt optional) {
      return optional.isPresent() ? String.valueOf(optional.getAsInt()) : "";
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(element -> Values.escaped(written(element)))
          .collect(Collectors.joining(","));
    }
    if (value instanceof Duration duration) {
      return Durations.text(duration);
    }
    return value == null
        ? ""
        : value instanceof Enum<?> word ? Values.word(word) : value.toString();
  }

  /** Returns the variable that sets it; keys of maps stand in it in capitals. */
  String variable() {
    return variable(name);
  }

  /** Returns the variable for a name. */
  static String variable(String name) {
    return EnvironmentVariables.PREFIX + EnvironmentVariables.shape(name);
  }

  /** Returns the name with keys put in. */
  String with(Map<String, String> keys) {
    String full = name;
    for (Map.Entry<String, String> key : keys.entrySet()) {
      full = full.replace(key.getKey(), key.getValue());
    }
    return full;
  }
}
