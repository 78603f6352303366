package dev.phistream.config;

/**
 * A value as somebody gave it.
 *
 * @param name the setting's name as given, which may be unknown
 * @param text the value, with placeholders replaced
 * @param origin where it was given
 * @param secret whether it must not be shown
 */
record Given(String name, String text, Origin origin, boolean secret) {
  /** Returns the text as it may be shown. */
  String shown() {
    return secret ? Secrets.MASK : Secrets.masked(text);
  }
}
