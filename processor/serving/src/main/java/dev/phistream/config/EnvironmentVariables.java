package dev.phistream.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings in environment variables: {@code PHISTREAM_WINDOW_EVENTS} is {@code window.events}.
 * Variables that Kubernetes adds for Services whose names begin with {@code phistream} are none.
 *
 * @param variables all variables of the process
 * @param catalogue the settings
 * @param words values of other sources, among which keys of maps are found as they are spelt
 */
record EnvironmentVariables(
    Map<String, String> variables, Catalogue catalogue, Collection<String> words)
    implements SettingSource {
  static final String PREFIX = "PHISTREAM_";

  private static final String KAFKA = PREFIX + "KAFKA_";

  /** Read by the launcher, the log or single commands. */
  private static final Set<String> OTHERS =
      Set.of(
          PREFIX + "IMAGE",
          PREFIX + "LOG_LEVEL",
          PREFIX + "MODEL_SOURCE",
          PREFIX + "PROFILE",
          PREFIX + "REPLAY_NICE",
          PREFIX + "TERMINAL");

  /** What Kubernetes makes of a Service: addresses, and ports by name, number and protocol. */
  private static final Pattern SERVICE =
      Pattern.compile("\\w+_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?)");

  private static final Pattern SERVICE_PORT = Pattern.compile("(tcp|udp|sctp)://.*");

  @Override
  public List<Raw> values(Consumer<Problem> problems) {
    List<Raw> values = new ArrayList<>();
    new TreeMap<>(variables)
        .forEach(
            (variable, text) -> {
              if (variable.startsWith(PREFIX)
                  && !OTHERS.contains(variable)
                  && !isOfService(variable, text)) {
                Origin origin = new Origin(Origin.Kind.VARIABLE, variable);
                String name = name(variable);
                if (name == null) {
                  problems.accept(unknown(variable, text));
                } else {
                  values.add(new Raw(name, text, origin));
                }
              }
            });
    return values;
  }

  private static boolean isOfService(String variable, String text) {
    return SERVICE.matcher(variable).matches()
        || (variable.endsWith("_PORT") && SERVICE_PORT.matcher(text).matches());
  }

  private @Nullable String name(String variable) {
    if (variable.startsWith(KAFKA) && variable.length() > KAFKA.length()) {
      return Catalogue.KAFKA + KafkaDefinitions.name(variable.substring(KAFKA.length()));
    }
    // The longest match: a key takes what is left.
    return catalogue.entries().stream()
        .filter(entry -> entry.variable().matcher(variable).matches())
        .max(Comparator.comparingInt(entry -> entry.declaration().name().length()))
        .map(entry -> name(entry, variable))
        .orElse(null);
  }

  private String name(Catalogue.Entry entry, String variable) {
    String name = entry.declaration().name();
    SettingGroup key = entry.key();
    Matcher matcher = entry.variable().matcher(variable);
    return key == null || !matcher.matches()
        ? name
        : name.replaceFirst(
            "\\b" + key.key() + "\\b", Matcher.quoteReplacement(key(matcher.group(1))));
  }

  /** Returns the word that has the shape of a key, else the key with hyphens. */
  private String key(String shape) {
    return words.stream()
        .filter(word -> shape(word).equals(shape))
        .findFirst()
        .orElseGet(() -> shape.toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private Problem unknown(String variable, String text) {
    List<String> known = new ArrayList<>(OTHERS);
    catalogue.names().forEach(name -> known.add(Declaration.variable(name)));
    String shown = Secrets.isSecret(variable) ? Secrets.MASK : Secrets.masked(text);
    return new Problem(
        variable,
        "%s: %s (expected: %s)"
            .formatted(
                variable,
                shown,
                NearestName.of(variable, known)
                    .map(near -> "a variable of a setting, perhaps " + near)
                    .orElse(
                        "a variable of a setting, which docs/configuration.md lists; unset it")));
  }

  /** Returns a name in capitals, with an underscore for all but letters and digits. */
  static String shape(String name) {
    return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
