package dev.phistream.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A setting as it takes effect.
 *
 * @param name its full name
 * @param value its value as a user would write it, with secrets masked
 * @param origin where it was set
 */
public record EffectiveSetting(String name, String value, Origin origin) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./~][A-Za-z0-9_./~ -]*");

  /** Returns all settings, in the order of their declarations, then Kafka's own. */
  public static List<EffectiveSetting> of(Settings settings) {
    Provenance provenance = settings.provenance();
    List<EffectiveSetting> all = new ArrayList<>();
    SettingsBinder.written(settings)
        .forEach((name, value) -> all.add(effective(provenance, name, value)));
    provenance.names().stream()
        .filter(name -> name.startsWith(Catalogue.KAFKA))
        .forEach(name -> all.add(effective(provenance, name, "")));
    return all;
  }

  private static EffectiveSetting effective(Provenance provenance, String name, String value) {
    Given given = provenance.given().get(name);
    return new EffectiveSetting(
        name, given == null ? value : given.shown(), provenance.origin(name));
  }

  /** Returns whether somebody set it. */
  public boolean isSet() {
    return origin.kind() != Origin.Kind.DEFAULT;
  }

  /** Returns the value as YAML has it. */
  public String yaml() {
    return PLAIN.matcher(value).matches()
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
