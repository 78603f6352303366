/**
 * How sure a small model must be to answer instead of a large one, fitted to labelled pictures. It
 * calculates, and knows neither models nor pictures.
 */
@NullMarked
package dev.phistream.cascade;

import org.jspecify.annotations.NullMarked;
