package dev.phistream.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a record component that holds settings of its own, or one entry of them per key. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface SettingGroup {
  /** What the keys of a map are, in capitals, such as {@code VARIANT}. */
  String key() default "";

  /** What the keys of a map must match. */
  String keyPattern() default "\\S+";

  /** What {@link #keyPattern} asks for, in words. */
  String keyForm() default "a name without spaces";

  /** Defaults of settings in the group, {@code NAME=VALUE}, in place of what they declare. */
  String[] defaults() default {};
}
