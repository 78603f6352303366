/**
 * Text that comes from events, made fit for headers, messages, logs and terminals. Knows nothing of
 * Phistream.
 */
@NullMarked
package dev.phistream.text;

import org.jspecify.annotations.NullMarked;
