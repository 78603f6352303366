/** The code of docs/integration.md, compiled and run. */
@NullMarked
package dev.phistream.guide;

import org.jspecify.annotations.NullMarked;
