package dev.phistream.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads values from their texts. */
final class Values {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,40}");
  private static final Set<String> YES = Set.of("true", "yes", "on");
  private static final Set<String> NO = Set.of("false", "no", "off");

  private Values() {}

  /** A kind of value: how its text is read and what is asked for in words. */
  enum Kind {
    TEXT("a text") {
      @Override
      Object read(String text, Class<?> type) {
        return text;
      }
    },
    WHOLE_NUMBER("a whole number") {
      @Override
      Object read(String text, Class<?> type) {
        if (!WHOLE.matcher(text).matches()) {
          throw new IllegalArgumentException(text);
        }
        return type == long.class ? (Object) Long.valueOf(text) : (Object) Integer.valueOf(text);
      }
    },
    NUMBER("a number") {
      @Override
      Object read(String text, Class<?> type) {
        if (!DECIMAL.matcher(text).matches()) {
          throw new IllegalArgumentException(text);
        }
        return Double.valueOf(text);
      }
    },
    FLAG("true or false") {
      @Override
      Object read(String text, Class<?> type) {
        String word = text.toLowerCase(Locale.ROOT);
        if (!YES.contains(word) && !NO.contains(word)) {
          throw new IllegalArgumentException(text);
        }
        return YES.contains(word);
      }
    },
    DURATION("a duration such as 5ms, 2s, 1m or 1h") {
      @Override
      Object read(String text, Class<?> type) {
        return Durations.parse(text);
      }
    },
    SIZE("a size such as 512kB or 32MB") {
      @Override
      Object read(String text, Class<?> type) {
        return DataSize.parse(text);
      }
    },
    PATH("a path") {
      @Override
      Object read(String text, Class<?> type) {
        try {
          return Path.of(text);
        } catch (InvalidPathException e) {
          throw new IllegalArgumentException(text, e);
        }
      }
    },
    WORD("a word") {
      @Override
      Object read(String text, Class<?> type) {
        return Arrays.stream(Objects.requireNonNull(type.getEnumConstants()))
            .filter(constant -> word(constant).equals(text.toLowerCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(text));
      }
    };

    private final String form;

    Kind(String form) {
      this.form = form;
    }

    /** Returns what values of the kind look like. */
    String form() {
      return form;
    }

    /**
     * Reads a value.
     *
     * @param type the Java type of one value
     * @throws IllegalArgumentException when the text is no value of the kind
     */
    abstract Object read(String text, Class<?> type);

    /** Returns the kind of a Java type. */
    static Kind of(Class<?> type) {
      if (type.isEnum()) {
        return WORD;
      }
      return switch (type.getName()) {
        case "int", "long" -> WHOLE_NUMBER;
        case "double" -> NUMBER;
        case "boolean" -> FLAG;
        case "java.lang.String" -> TEXT;
        case "java.time.Duration" -> DURATION;
        case "java.nio.file.Path" -> PATH;
        default -> {
          if (type == DataSize.class) {
            yield SIZE;
          }
          throw new IllegalStateException("no kind of setting has type " + type);
        }
      };
    }
  }

  /** Returns the word for a constant, as users write it. */
  static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns an element of a list as a part of the list's text. */
  static String escaped(String element) {
    return element.replace("\\", "\\\\").replace(",", "\\,");
  }

  /** Returns the elements of a list's text, which stand between commas; empty ones are left out. */
  static List<String> elements(String text) {
    List<String> elements = new ArrayList<>();
    StringBuilder element = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && "\\,".indexOf(text.charAt(i + 1)) >= 0) {
        element.append(text.charAt(++i));
      } else if (c == ',') {
        elements.add(element.toString().strip());
        element.setLength(0);
      } else {
        element.append(c);
      }
    }
    elements.add(element.toString().strip());
    elements.removeIf(String::isEmpty);
    return elements;
  }
}
