package dev.phistream.runtime;

/** A setting that cannot be; its message names the setting, its value and what was expected. */
public final class ConfigException extends Exception {
  /** Creates the exception. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ConfigException(String message) {
    super(message);
  }
}
