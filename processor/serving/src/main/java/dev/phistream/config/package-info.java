/**
 * Turns defaults, a YAML file, environment variables and options into one immutable {@link
 * dev.phistream.config.Settings}, checked as a whole before anything else happens. Every setting is
 * declared once, at the record component that holds it, with its default, its limits and its help.
 */
@NullMarked
package dev.phistream.config;

import org.jspecify.annotations.NullMarked;
