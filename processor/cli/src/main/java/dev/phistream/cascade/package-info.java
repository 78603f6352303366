/**
 * How sure a small model must be to answer instead of a large one, fitted to labelled images. It
 * calculates, and knows neither models nor images.
 */
@NullMarked
package dev.phistream.cascade;

import org.jspecify.annotations.NullMarked;
