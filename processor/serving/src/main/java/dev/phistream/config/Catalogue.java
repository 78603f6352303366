package dev.phistream.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every setting that {@link Settings} declares, in order. */
final class Catalogue {
  /** What names of Kafka's own settings begin with. */
  static final String KAFKA = "kafka.";

  private final List<Entry> entries;

  /**
   * A setting or a group of them with keys.
   *
   * @param declaration the setting
   * @param form matches names of it; its group is the key
   * @param key the group of settings that has keys, or null
   * @param section the section that begins with it, or null
   */
  record Entry(
      Declaration declaration,
      Pattern form,
      @Nullable SettingGroup key,
      @Nullable Section section) {
    /** Returns the key in a full name of the setting; empty if it has none. */
    String key(String name) {
      Matcher matcher = form.matcher(name);
      return key != null && matcher.matches() ? matcher.group(1) : "";
    }

    /** Returns the variable's pattern: keys are what stands for the word in capitals. */
    Pattern variable() {
      String shape = Declaration.variable(declaration.name());
      return Pattern.compile(key == null ? shape : shape.replace("_" + key.key(), "_([A-Z0-9_]+)"));
    }
  }

  Catalogue() {
    List<Entry> found = new ArrayList<>();
    collect("", "", Settings.class, Map.of(), null, null, found);
    this.entries = List.copyOf(found);
  }

  List<Entry> entries() {
    return entries;
  }

  List<Declaration> declarations() {
    return entries.stream().map(Entry::declaration).toList();
  }

  /** Returns the declaration of a full name. */
  Optional<Entry> find(String name) {
    return entries.stream().filter(entry -> entry.form().matcher(name).matches()).findFirst();
  }

  /** Returns the names of settings in a group, such as {@code window}; empty if it is no group. */
  List<String> inGroup(String group) {
    return declarations().stream()
        .map(Declaration::name)
        .filter(name -> name.startsWith(group + "."))
        .toList();
  }

  /** Returns the names that users may write, with words in capitals where keys stand. */
  List<String> names() {
    return declarations().stream().map(Declaration::name).collect(Collectors.toList());
  }

  private static void collect(
      String name,
      String form,
      Class<?> group,
      Map<String, String> defaults,
      @Nullable SettingGroup key,
      @Nullable Section begun,
      List<Entry> found) {
    Section section = begun;
    for (RecordComponent component : group.getRecordComponents()) {
      Section own = component.getAnnotation(Section.class);
      section = own == null ? section : own;
      Setting setting = component.getAnnotation(Setting.class);
      SettingGroup nested = component.getAnnotation(SettingGroup.class);
      String last = lastName(component);
      if (component.getType() == KafkaSettings.class) {
        found.add(
            new Entry(
                new Declaration(KAFKA + "*", component, component.getAnnotation(Setting.class), ""),
                Pattern.compile(Pattern.quote(KAFKA) + ".+"),
                null,
                own));
      } else if (nested == null && setting != null) {
        String byDefault = defaults.getOrDefault(last, setting.byDefault());
        found.add(
            new Entry(
                new Declaration(name + last, component, setting, byDefault),
                Pattern.compile(form + Pattern.quote(last)),
                key,
                section));
      } else if (nested != null) {
        String inner = name + last + "." + (nested.key().isEmpty() ? "" : nested.key());
        String innerForm =
            form + Pattern.quote(last + ".") + (nested.key().isEmpty() ? "" : "(.+)");
        if (setting != null) { // a value per key
          found.add(
              new Entry(
                  new Declaration(inner, component, setting, setting.byDefault()),
                  Pattern.compile(innerForm),
                  nested,
                  section));
        } else {
          collect(
              nested.key().isEmpty() ? inner : inner + ".",
              nested.key().isEmpty() ? innerForm : innerForm + Pattern.quote("."),
              recordType(component),
              defaults(nested),
              nested.key().isEmpty() ? key : nested,
              section,
              found);
        }
      }
      section = null;
    }
  }

  /** Returns the name of a component: its own, or in kebab case. */
  static String lastName(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    return setting == null || setting.name().isEmpty()
        ? component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)
        : setting.name();
  }

  /** Returns the record that a component holds, itself or as the values of a map. */
  static Class<?> recordType(RecordComponent component) {
    return component.getGenericType() instanceof ParameterizedType map
        ? (Class<?>) map.getActualTypeArguments()[1]
        : component.getType();
  }

  private static Map<String, String> defaults(SettingGroup group) {
    Map<String, String> defaults = new HashMap<>();
    for (String assignment : group.defaults()) {
      String[] parts = assignment.split("=", 2);
      defaults.put(parts[0], parts[1]);
    }
    return defaults;
  }
}
