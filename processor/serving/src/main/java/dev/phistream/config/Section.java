package dev.phistream.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Begins a section of the reference page with the component that carries it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Section {
  /** The heading. */
  String value();

  /** A sentence below the heading, or none. */
  String text() default "";
}
