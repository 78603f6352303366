package dev.phistream.config;

import java.util.List;
import java.util.function.Consumer;

/** A place that values are read from. */
interface SettingSource {
  /** A value with the name that it was given under, before placeholders are replaced. */
  record Raw(String name, String text, Origin origin) {}

  /** Returns the values, and hands over what is wrong with the place itself. */
  List<Raw> values(Consumer<Problem> problems);
}
