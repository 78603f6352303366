package dev.phistream.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a setting at the record component that holds its value. The component's type says how
 * the text is read; limits are written as a user would write the value.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
  /** What it is for, in Markdown, without a full stop; the reference page shows it. */
  String help();

  /** Its last name; empty for the component's name in kebab case. */
  String name() default "";

  /** Its value unless somebody sets it; empty for none. */
  String byDefault() default "";

  /** What stands in the reference page for a default that depends on the machine. */
  String defaultShown() default "";

  /** The smallest value. */
  String min() default "";

  /** What the value must be larger than. */
  String above() default "";

  /** The largest value. */
  String max() default "";

  /** What the whole text must match. */
  String pattern() default "";

  /** What {@link #pattern} asks for, in words. */
  String form() default "";

  /** The words that are allowed, of a text. */
  String[] words() default {};
}
