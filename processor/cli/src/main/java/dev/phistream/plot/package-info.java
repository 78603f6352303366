/**
 * Charts of figures, written as PNG or SVG. It knows XChart and nothing of what the figures mean.
 */
@NullMarked
package dev.phistream.plot;

import org.jspecify.annotations.NullMarked;
