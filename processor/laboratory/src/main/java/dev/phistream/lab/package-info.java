/**
 * The laboratory's commands: demo, broker, plan, train synthetic and bench, beside those of {@code
 * app}. No release holds them, and nothing depends on them.
 */
@NullMarked
package dev.phistream.lab;

import org.jspecify.annotations.NullMarked;
