package dev.phistream.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from a file, environment variables and options, each of which overrules the ones
 * before. Immutable; the {@code with} methods return loaders with one more source.
 */
public final class SettingsLoader {
  private static final Catalogue CATALOGUE = new Catalogue();

  private final @Nullable Path file;
  private final Map<String, String> environment;
  private final List<SettingSource.Raw> assigned;
  private final boolean connecting;

  /** Creates a loader of defaults alone. */
  public SettingsLoader() {
    this(null, Map.of(), List.of(), false);
  }

  private SettingsLoader(
      @Nullable Path file,
      Map<String, String> environment,
      List<SettingSource.Raw> assigned,
      boolean connecting) {
    this.connecting = connecting;
    this.file = file;
    this.environment = environment;
    this.assigned = assigned;
  }

  /** Adds a YAML file; null for none. */
  public SettingsLoader withFile(@Nullable Path other) {
    return new SettingsLoader(other, environment, assigned, connecting);
  }

  /** Adds environment variables, of which those that begin with {@code PHISTREAM_} are settings. */
  public SettingsLoader withEnvironment(Map<String, String> variables) {
    return new SettingsLoader(file, Map.copyOf(variables), assigned, connecting);
  }

  /**
   * Adds a setting that an option of the command line gives.
   *
   * @param option the option's name, such as {@code --bootstrap}
   */
  public SettingsLoader withOption(String option, String name, String value) {
    return with(Map.of(name, value), new Origin(Origin.Kind.OPTION, option));
  }

  /** Adds settings that a program gives. */
  public SettingsLoader withValues(Map<String, String> values) {
    return with(values, Origin.PROGRAM);
  }

  /** Checks the names of the brokers too, because the settings are for talking to them. */
  public SettingsLoader connecting() {
    return new SettingsLoader(file, environment, assigned, true);
  }

  private SettingsLoader with(Map<String, String> values, Origin origin) {
    List<SettingSource.Raw> more = new ArrayList<>(assigned);
    values.forEach((name, value) -> more.add(new SettingSource.Raw(name, value, origin)));
    return new SettingsLoader(file, environment, List.copyOf(more), connecting);
  }

  /**
   * Reads and checks all settings.
   *
   * @throws ConfigException when a setting is unknown or wrong; it has all problems of all sources
   */
  public Settings load() throws ConfigException {
    List<Problem> problems = new ArrayList<>();
    List<SettingSource.Raw> raw = raw(problems);
    Map<String, Given> given = given(raw, problems);
    List<String> warnings = new ArrayList<>();
    SettingsBinder binder = new SettingsBinder(CATALOGUE, given, problems);
    Settings settings = binder.bind(new Provenance(given, List.of()));
    new SettingsRules(settings, problems, warnings).check();
    if (connecting) {
      new BrokerNames(settings, problems, warnings).check();
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return binder.bind(new Provenance(given, warnings));
  }

  private List<SettingSource.Raw> raw(List<Problem> problems) {
    List<SettingSource.Raw> all = new ArrayList<>();
    if (file != null) {
      all.addAll(new YamlFile(file).values(problems::add));
    }
    Set<String> words =
        Stream.concat(all.stream(), assigned.stream())
            .flatMap(value -> Stream.concat(keys(value.name()), words(value.text())))
            .collect(Collectors.toCollection(TreeSet::new));
    all.addAll(new EnvironmentVariables(environment, CATALOGUE, words).values(problems::add));
    all.addAll(assigned);
    return all;
  }

  private static Stream<String> keys(String name) {
    return CATALOGUE.find(name).map(entry -> entry.key(name)).stream();
  }

  private static Stream<String> words(String text) {
    return Values.elements(text).stream();
  }

  /** Returns the value that counts for each known name, with its placeholders replaced. */
  private Map<String, Given> given(List<SettingSource.Raw> raw, List<Problem> problems) {
    Map<String, SettingSource.Raw> last = new LinkedHashMap<>();
    for (SettingSource.Raw value : raw) {
      if (isKnown(value, problems)) {
        last.put(value.name(), value);
      }
    }
    Placeholders placeholders = new Placeholders(environment);
    Set<String> providers = providers(last);
    Map<String, Given> given = new HashMap<>();
    last.forEach(
        (name, value) -> {
          boolean kafka = name.startsWith(Catalogue.KAFKA);
          boolean secret =
              kafka && KafkaDefinitions.isSecret(name.substring(Catalogue.KAFKA.length()));
          try {
            Placeholders.Expanded expanded =
                placeholders.expand(value.text(), kafka ? providers : Set.of());
            given.put(
                name,
                new Given(name, expanded.text(), value.origin(), secret || expanded.fromFile()));
          } catch (Placeholders.ExpansionException e) {
            Given shown = new Given(name, value.text(), value.origin(), secret);
            problems.add(
                Problem.of(
                    name, shown.shown(), String.valueOf(e.getMessage()), value.origin(), ""));
          }
        });
    return given;
  }

  /** Kafka replaces what these name itself. */
  private static Set<String> providers(Map<String, SettingSource.Raw> values) {
    return values.values().stream()
        .filter(value -> value.name().endsWith("config.providers"))
        .flatMap(value -> words(value.text()))
        .collect(Collectors.toSet());
  }

  private static boolean isKnown(SettingSource.Raw value, List<Problem> problems) {
    String name = value.name();
    Optional<Catalogue.Entry> entry = CATALOGUE.find(name);
    if (entry.isPresent()) {
      SettingGroup keyed = entry.get().key();
      String key = entry.get().key(name);
      if (keyed == null || key.matches(keyed.keyPattern())) {
        return true;
      }
      problems.add(
          Problem.of(
              name,
              shown(value),
              "%s for %s: %s"
                  .formatted(entry.get().declaration().name(), keyed.key(), keyed.keyForm()),
              value.origin(),
              ""));
      return false;
    }
    List<String> inside = CATALOGUE.inGroup(name);
    if (!inside.isEmpty() || (name + ".").equals(Catalogue.KAFKA)) {
      if (!value.text().isBlank()) { // such as a group in YAML whose lines are comments
        problems.add(
            Problem.of(
                name,
                shown(value),
                "settings below it, such as "
                    + (inside.isEmpty() ? "kafka.security.protocol" : inside.get(0)),
                value.origin(),
                ""));
      }
      return false;
    }
    problems.add(
        Problem.of(
            name,
            shown(value),
            NearestName.of(name, known(name))
                .map(near -> "a known setting, perhaps " + near)
                .orElse("a known setting, which docs/configuration.md lists"),
            value.origin(),
            ""));
    return false;
  }

  /** Returns all names, with keys as they stand in one that is wrong. */
  private static List<String> known(String wrong) {
    String[] parts = wrong.split("\\.", 3);
    return CATALOGUE.names().stream()
        .map(
            name ->
                parts.length == 3 && name.startsWith(parts[0] + ".")
                    ? name.replaceFirst(
                        "\\.[A-Z]+\\.", "." + Matcher.quoteReplacement(parts[1]) + ".")
                    : name)
        .toList();
  }

  private static String shown(SettingSource.Raw value) {
    return Secrets.isSecret(value.name()) ? Secrets.MASK : Secrets.masked(value.text());
  }
}
