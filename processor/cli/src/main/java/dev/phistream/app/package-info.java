/** The command line and the wiring of all parts from configuration. Nothing depends on it. */
@NullMarked
package dev.phistream.app;

import org.jspecify.annotations.NullMarked;
