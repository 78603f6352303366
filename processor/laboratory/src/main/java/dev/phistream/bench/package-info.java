/**
 * Measurements, always as ratios between ways of doing the same thing in one run. Nothing else
 * depends on it.
 */
@NullMarked
package dev.phistream.bench;

import org.jspecify.annotations.NullMarked;
