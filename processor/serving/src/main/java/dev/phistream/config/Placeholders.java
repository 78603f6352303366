package dev.phistream.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${VARIABLE}}, {@code ${VARIABLE:-OTHERWISE}} and {@code ${file:PATH}} in values;
 * a doubled dollar sign stands for one. What it puts in is not looked through again.
 *
 * @param environment the variables
 */
record Placeholders(Map<String, String> environment) {
  private static final String FILE = "file:";
  private static final Pattern TOKEN = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
  private static final Pattern VARIABLE =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);

  /**
   * A value without placeholders.
   *
   * @param fromFile whether a part of it came from a file, which is how secrets are mounted
   */
  record Expanded(String text, boolean fromFile) {}

  /** A placeholder that cannot be replaced; its message says what is expected. */
  static final class ExpansionException extends Exception {
    ExpansionException(String message) {
      super(message);
    }
  }

  /**
   * Replaces the placeholders of a value.
   *
   * @param left names before a colon whose placeholders stay, because somebody else replaces them
   * @throws ExpansionException when one of them stands for nothing
   */
  Expanded expand(String text, Set<String> left) throws ExpansionException {
    Matcher token = TOKEN.matcher(text);
    StringBuilder expanded = new StringBuilder();
    boolean fromFile = false;
    while (token.find()) {
      String value;
      String name = token.group(1);
      if (name == null) {
        value = "${";
      } else if (left.contains(name.split(":", 2)[0]) && name.contains(":")) {
        value = token.group();
      } else if (token.group(2).isEmpty()) {
        throw new ExpansionException("a } after ${, or $${ for ${ itself");
      } else if (name.startsWith(FILE)) {
        value = read(name.substring(FILE.length()));
        fromFile = true;
      } else {
        value = variable(name);
      }
      token.appendReplacement(expanded, Matcher.quoteReplacement(value));
    }
    return new Expanded(token.appendTail(expanded).toString(), fromFile);
  }

  private String variable(String name) throws ExpansionException {
    Matcher variable = VARIABLE.matcher(name);
    if (!variable.matches()) {
      throw new ExpansionException(
          "${VARIABLE}, ${VARIABLE:-OTHERWISE} or ${file:PATH}, or $${ for ${ itself");
    }
    String value = environment.get(variable.group(1));
    if (value != null) {
      return value;
    }
    if (variable.group(2) == null) {
      throw new ExpansionException("variable " + variable.group(1) + " to be set");
    }
    return variable.group(2);
  }

  /** Without the line end that editors leave at the end of a file. */
  private static String read(String path) throws ExpansionException {
    try {
      return Files.readString(Path.of(path), StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
    } catch (IOException | InvalidPathException e) {
      throw new ExpansionException("a readable text file at " + path);
    }
  }
}
