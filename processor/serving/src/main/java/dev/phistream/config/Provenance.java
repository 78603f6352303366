package dev.phistream.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the values of settings came from.
 *
 * @param given what was set, by name; names that are missing have their defaults
 * @param warnings what is odd but not wrong, a line each
 */
public record Provenance(Map<String, Given> given, List<String> warnings) {
  static final Provenance NONE = new Provenance(Map.of(), List.of());

  /** Copies the values. */
  public Provenance {
    given = Map.copyOf(given);
    warnings = List.copyOf(warnings);
  }

  /**
   * Returns a problem with a setting that was found after the settings had been read, such as with
   * the models at hand.
   *
   * @param shown the value, or the part of it that is wrong
   * @param expected what would be right
   * @param remedy what to do; empty if that is obvious
   */
  public Problem problem(String name, String shown, String expected, String remedy) {
    return Problem.of(name, Secrets.masked(shown), expected, origin(name), remedy);
  }

  /** Returns where a setting was set. */
  public Origin origin(String name) {
    Given value = given.get(name);
    return value == null ? Origin.DEFAULT : value.origin();
  }

  /** Returns whether somebody set a setting. */
  public boolean isSet(String name) {
    return given.containsKey(name);
  }

  /** Returns what was set, as it may be shown, by name. */
  public Optional<String> shown(String name) {
    return Optional.ofNullable(given.get(name)).map(Given::shown);
  }

  /** Returns the names that were set, in order. */
  Set<String> names() {
    return new TreeMap<>(given).keySet();
  }
}
