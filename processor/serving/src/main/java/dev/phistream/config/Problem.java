package dev.phistream.config;

/**
 * Something that is wrong with a setting.
 *
 * @param name the setting's name as the user knows it
 * @param message the whole line: name, value, what is expected, where it was set, what to do
 */
public record Problem(String name, String message) {
  static Problem of(String name, String shown, String expected, Origin origin, String remedy) {
    return new Problem(
        name,
        "%s: %s (expected: %s; %s)%s"
            .formatted(name, shown, expected, origin, remedy.isEmpty() ? "" : "; " + remedy));
  }

  @Override
  public String toString() {
    return message;
  }
}
