package dev.phistream.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Settings} of texts. A value that cannot be read is a problem, and its default stands
 * in for it, so that the rules between settings can be checked as well.
 */
final class SettingsBinder {
  private final Catalogue catalogue;
  private final Map<String, Given> given;
  private final List<Problem> problems;

  SettingsBinder(Catalogue catalogue, Map<String, Given> given, List<Problem> problems) {
    this.catalogue = catalogue;
    this.given = given;
    this.problems = problems;
  }

  Settings bind(Provenance provenance) {
    Settings settings = (Settings) bind(Settings.class, "", "", provenance);
    if (settings == null) {
      throw new IllegalStateException("a setting outside of maps has no default");
    }
    return settings;
  }

  /**
   * Makes a record.
   *
   * @param prefix the full names of its settings begin with it
   * @param declared their declared names begin with it
   * @return null when one of its values is missing or wrong and has no default
   */
  private @Nullable Object bind(
      Class<?> group, String prefix, String declared, Provenance provenance) {
    List<@Nullable Object> values = new ArrayList<>();
    boolean whole = true;
    for (RecordComponent component : group.getRecordComponents()) {
      String last = Catalogue.lastName(component);
      SettingGroup nested = component.getAnnotation(SettingGroup.class);
      Object value;
      if (component.getType() == Provenance.class) {
        value = provenance;
      } else if (component.getType() == KafkaSettings.class) {
        value = new KafkaSettings((String) values.get(0), kafka());
      } else if (nested == null) {
        value = value(declared + last, prefix + last);
      } else if (nested.key().isEmpty()) {
        value = bind(component.getType(), prefix + last + ".", declared + last + ".", provenance);
      } else {
        value = map(component, nested, prefix + last + ".", declared + last + ".", provenance);
      }
      whole &= value != null;
      values.add(value);
    }
    return whole ? construct(group, values) : null;
  }

  private Map<String, String> kafka() {
    Map<String, String> kafka = new TreeMap<>();
    given.forEach(
        (name, value) -> {
          if (name.startsWith(Catalogue.KAFKA)) {
            kafka.put(name.substring(Catalogue.KAFKA.length()), value.text());
          }
        });
    return kafka;
  }

  private Map<String, Object> map(
      RecordComponent component,
      SettingGroup keyed,
      String prefix,
      String declared,
      Provenance provenance) {
    Class<?> type = Catalogue.recordType(component);
    Map<String, Object> entries = new LinkedHashMap<>();
    for (String key : keys(prefix)) {
      String name = declared + keyed.key();
      Object value =
          type.isRecord() && component.getAnnotation(Setting.class) == null
              ? bind(type, prefix + key + ".", name + ".", provenance)
              : value(name, prefix + key);
      if (value != null) {
        entries.put(key, value);
      }
    }
    return Collections.unmodifiableMap(entries);
  }

  private Set<String> keys(String prefix) {
    Set<String> keys = new TreeSet<>();
    for (String name : given.keySet()) {
      if (name.startsWith(prefix)) {
        catalogue.find(name).ifPresent(entry -> keys.add(entry.key(name)));
      }
    }
    return keys;
  }

  /** Returns the value of a setting, else its default; null if it has neither. */
  private @Nullable Object value(String declared, String name) {
    Declaration declaration =
        catalogue.declarations().stream()
            .filter(other -> other.name().equals(declared))
            .findFirst()
            .orElseThrow();
    Given value = given.get(name);
    if (value != null) {
      try {
        return declaration.read(value.text());
      } catch (IllegalArgumentException e) {
        refuse(name, value.shown(), declaration, value.origin());
      }
    }
    if (!declaration.byDefault().isEmpty()) {
      return declaration.read(declaration.byDefault());
    }
    if (declaration.component().getType() == OptionalInt.class) {
      return OptionalInt.empty();
    }
    if (declaration.isOptional()) {
      return Optional.empty();
    }
    if (value == null) {
      refuse(name, "missing", declaration, originBeside(name));
    }
    return null;
  }

  private void refuse(String name, String shown, Declaration declaration, Origin origin) {
    problems.add(
        Problem.of(name, shown.isEmpty() ? "empty" : shown, declaration.expected(), origin, ""));
  }

  /** Returns where another setting of the same group was set. */
  private Origin originBeside(String name) {
    String group = name.substring(0, name.lastIndexOf('.') + 1);
    return new TreeMap<>(given)
        .entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(group))
            .map(entry -> entry.getValue().origin())
            .findFirst()
            .orElse(Origin.DEFAULT);
  }

  private static Object construct(Class<?> group, List<@Nullable Object> values) {
    try {
      return group
          .getDeclaredConstructor(
              Arrays.stream(group.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class<?>[]::new))
          .newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("settings refuse what was declared: " + group, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings cannot be made: " + group, e);
    }
  }

  /** Returns the effective values as users would write them, by name, without Kafka's. */
  static Map<String, String> written(Settings settings) {
    Map<String, String> all = new LinkedHashMap<>();
    write(Settings.class, settings, "", all);
    return all;
  }

  private static void write(Class<?> group, Object record, String prefix, Map<String, String> all) {
    for (RecordComponent component : group.getRecordComponents()) {
      if (component.getType() == Provenance.class || component.getType() == KafkaSettings.class) {
        continue;
      }
      String name = prefix + Catalogue.lastName(component);
      Object value;
      try {
        value = component.getAccessor().invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("settings cannot be read: " + group, e);
      }
      if (value instanceof Map<?, ?> map) {
        map.forEach(
            (key, entry) -> {
              if (entry instanceof Record) {
                write(entry.getClass(), entry, name + "." + key + ".", all);
              } else {
                all.put(name + "." + key, Declaration.written(entry));
              }
            });
      } else if (component.getAnnotation(SettingGroup.class) != null) {
        write(component.getType(), Objects.requireNonNull(value), name + ".", all);
      } else {
        all.put(name, Declaration.written(value));
      }
    }
  }
}
