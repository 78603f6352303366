package dev.phistream.config;

/**
 * Where a value was set.
 *
 * @param kind the kind of source
 * @param place the line of a file as {@code FILE:LINE}, the name of a variable or of an option;
 *     empty for defaults and programs
 */
public record Origin(Kind kind, String place) {
  static final Origin DEFAULT = new Origin(Kind.DEFAULT, "");
  static final Origin PROGRAM = new Origin(Kind.PROGRAM, "");

  /** The kinds of sources; later ones overrule earlier ones. */
  public enum Kind {
    /** The declaration of the setting. */
    DEFAULT,
    /** A YAML file. */
    FILE,
    /** An environment variable. */
    VARIABLE,
    /** An option of the command line. */
    OPTION,
    /** A program that embeds the processor, or a command that overrules a setting. */
    PROGRAM
  }

  /** Returns the origin as a part of a sentence, such as {@code set in phistream.yaml:12}. */
  @Override
  public String toString() {
    return switch (kind) {
      case DEFAULT -> "by default";
      case FILE -> "set in " + place;
      case VARIABLE -> "set by variable " + place;
      case OPTION -> "set by option " + place;
      case PROGRAM -> "set by the program";
    };
  }
}
