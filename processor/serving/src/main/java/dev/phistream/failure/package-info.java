/**
 * The base of all exceptions whose message is enough for a user to mend the cause. Every other
 * package may know this one; it knows none.
 */
@NullMarked
package dev.phistream.failure;

import org.jspecify.annotations.NullMarked;
