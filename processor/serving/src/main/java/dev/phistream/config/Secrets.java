package dev.phistream.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Keeps secrets out of messages. */
final class Secrets {
  static final String MASK = "***";

  private static final Pattern NAME =
      Pattern.compile("password|passwd|secret|token|credential|jaas|user\\.info|private|\\.key$");

  /** Up to the last at sign: a password may contain one. */
  private static final Pattern USER_INFO = Pattern.compile("(://[^:/@\\s]*):\\S*@");

  private Secrets() {}

  /** Returns whether values of a name are secret, as far as the name says it. */
  static boolean isSecret(String name) {
    return NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
  }

  /** Returns a text without passwords in addresses. */
  static String masked(String text) {
    return USER_INFO.matcher(text).replaceAll("$1:" + MASK + "@");
  }
}
